"""A section's own logo and styles, and what is refused of them."""

import pytest

from uasocial.errors import UasocialError
from uasocial.site.assets import Assets

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1"/></svg>'


@pytest.fixture
def own(cases):
    (cases.root / "site").mkdir()

    def put(name: str, data: bytes) -> Assets:
        (cases.root / "site" / name).write_bytes(data)
        return Assets(cases.kit().project)

    return put


def test_a_file_is_named_by_its_content(own):
    first = own("extra.css", b"p { color: red; }").styles
    second = own("extra.css", b"p { color: blue; }").styles
    assert first != second
    assert first.startswith("static/site.")


def test_the_section_s_styles_come_after_ours(own):
    assets = own("extra.css", b".mine { color: red; }")
    (styles,) = [one for one in assets.resources() if one.path == assets.styles]
    assert styles.make().endswith(b".mine { color: red; }")
    assert styles.make().startswith(b":root { --accent: #0b5d57; --accent-dark: #")


def test_a_logo_stands_in_the_place_of_the_envelope(own):
    assets = own("logo.svg", SVG)
    assert assets.icon == assets.logo
    assert assets.logo.startswith("static/logo.")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("logo.png", b"no picture", "is no PNG picture"),
        ("logo.svg", b"no picture", "is no SVG picture"),
        ("logo.svg", SVG.replace(b"<path", b"<script>alert(1)</script><path"), "holds a script"),
        ("logo.svg", SVG.replace(b"<path", b"<path onload='alert(1)'"), "holds a script"),
        ("logo.svg", SVG.replace(b"<path", b"<a href='javascript:alert(1)'/><path"), "a script"),
        ("logo.svg", SVG + b" " * 600_000, "is larger than 500 kB"),
    ],
)
def test_a_logo_that_is_none_or_runs_something_is_refused(own, name, data, said):
    with pytest.raises(UasocialError, match=said):
        _ = own(name, data).logo
