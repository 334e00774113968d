"""What each answer forbids the browser."""

from uasocial.site import headers


def directives(policy: str) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in policy.split(";"))
    return {name: sources for name, _, sources in parts}


def test_nothing_is_loaded_but_what_a_page_is_made_of():
    policy = directives(headers.CSP)
    assert {name for name, sources in policy.items() if sources == "'self'"} == {
        "script-src",
        "style-src",
        "img-src",
    }
    assert set(policy.values()) == {"'self'", "'none'"}


def test_what_has_no_fallback_is_forbidden_by_name():
    # https://www.w3.org/TR/CSP3/: these do not fall back to default-src.
    policy = directives(headers.CSP)
    assert [policy[n] for n in ("base-uri", "form-action", "frame-ancestors")] == ["'none'"] * 3
    assert policy["default-src"] == "'none'"


def test_a_meta_element_has_the_same_policy_without_what_it_may_not_carry():
    said, whole = directives(headers.META_CSP), directives(headers.CSP)
    assert whole.pop("frame-ancestors") == "'none'"
    assert said == whole


def test_https_is_asked_for_only_where_it_was_used():
    assert "Strict-Transport-Security" not in headers.for_page()
    said = headers.for_page(https=True)["Strict-Transport-Security"]
    assert said == "max-age=31536000"


def test_a_rehearsal_is_for_no_search_engine():
    assert "X-Robots-Tag" not in headers.for_page()
    assert headers.for_page(rehearsal=True)["X-Robots-Tag"] == "noindex, nofollow"


def test_sharing_and_copying_are_all_that_a_page_may_do():
    said = headers.for_page()["Permissions-Policy"]
    allowed = dict(part.split("=") for part in said.split(", "))
    assert {name for name, who in allowed.items() if who != "()"} == {"clipboard-write"}
    # A page's own by default, and unknown where a system has no share sheet.
    assert "web-share" not in allowed
    assert {"camera", "microphone", "geolocation", "browsing-topics"} < allowed.keys()


def test_headers_are_plain_text_on_one_line():
    for name, value in headers.for_page(https=True, rehearsal=True).items():
        assert f"{name}{value}".isascii()
        assert f"{name}{value}".isprintable()
