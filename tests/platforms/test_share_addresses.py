"""Each share address holds the draft's text, whole."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from uasocial.model import Draft
from uasocial.platforms import Instance, NoAddress
from uasocial.platforms.builtin import MAILTO_LENGTH, PLATFORMS

BY_NAME = {platform.name: platform for platform in PLATFORMS}
LINK = "https://example.org/1/en?a=1&b=2#top"
TEXTS = {
    "newlines": "One\n\nTwo\nThree",
    "emoji": "Open 🗝️ the 👩‍👩‍👧 gate 🇵🇪",
    "Arabic": "افتحوا مدرسة التلال #مدرسة_التلال",
    "reserved": "100 % & more + = ? # / : ; ' \" ( ) * ! ~ %20 &amp; \\",
    "accents": "¡Niñez! «où» ä\u00a0: e\u0301",
    "a link": f"Read {LINK}",
    "spaces": "two  spaces + a plus",
}
ALSO_TEXT = {
    "x": "text",
    "bluesky": "text",
    "threads": "text",
    "whatsapp": "text",
    "mastodon": "text",
    "sms": "body",
    "line": "text",
    "viber": "text",
    "tumblr": "caption",
    "email": "body",
}
MINE = Instance("social.example")


def a_draft(text, platform="x", **given):
    plain = {"action": "gate", "language": "en", "occasion": "appeal", "wording": "own"}
    measured = {"length": 1, "limit": None, "fits": True, "title": "Open the gate", "link": LINK}
    return Draft(**plain, platform=platform, text=text, **{**measured, **given})


def query(address):
    """Read the query as RFC 3986 has it: a + is a plus."""
    raw = urlsplit(address).query
    return {k: unquote(v, errors="strict") for k, v in (p.split("=", 1) for p in raw.split("&"))}


@pytest.mark.parametrize("platform", ALSO_TEXT)
@pytest.mark.parametrize("kind", TEXTS)
def test_the_text_in_the_address_is_the_draft(platform, kind):
    text = TEXTS[kind]
    address = BY_NAME[platform].share(a_draft(text), MINE)
    assert address.isascii()
    assert " " not in address
    found = query(address)[ALSO_TEXT[platform]]
    assert found == (text.replace("\n", "\r\n") if platform == "email" else text)


@pytest.mark.parametrize("platform", set(ALSO_TEXT) - {"email"})
@pytest.mark.parametrize("kind", TEXTS)
def test_a_composer_that_reads_forms_reads_the_same(platform, kind):
    address = BY_NAME[platform].share(a_draft(TEXTS[kind]), MINE)
    assert parse_qs(urlsplit(address).query)[ALSO_TEXT[platform]] == [TEXTS[kind]]


@pytest.mark.parametrize("kind", TEXTS)
def test_telegram_gets_the_link_and_the_whole_draft(kind):
    text = f"{TEXTS[kind]} {LINK}"
    found = query(BY_NAME["telegram"].share(a_draft(text), None))
    assert found == {"url": LINK, "text": text}


@pytest.mark.parametrize(
    ("platform", "parameter"),
    [("facebook", "u"), ("linkedin", "url"), ("reddit", "url"), ("vk", "url")],
)
def test_a_composer_that_takes_only_a_link_gets_it_and_says_so(platform, parameter):
    address = BY_NAME[platform].share(a_draft("Hello"), None)
    assert query(address)[parameter] == LINK
    assert "paste" in BY_NAME[platform].hint


@pytest.mark.parametrize("platform", ["telegram", "facebook", "linkedin", "reddit", "vk"])
def test_without_a_link_a_composer_of_links_says_that_there_is_none(platform):
    with pytest.raises(NoAddress, match="has none in 'en'"):
        BY_NAME[platform].share(a_draft("Hello", link=None), None)


def test_mastodon_asks_for_the_instance():
    with pytest.raises(NoAddress, match="--instance"):
        BY_NAME["mastodon"].share(a_draft("Hello"), None)
    address = BY_NAME["mastodon"].share(a_draft("Hello"), MINE)
    assert address == "https://social.example/share?text=Hello"


def test_a_mail_has_its_subject_and_line_ends_of_mail():
    address = BY_NAME["email"].share(a_draft("a b\nc"), None)
    assert address == "mailto:?subject=Open%20the%20gate&body=a%20b%0D%0Ac"


@pytest.mark.parametrize("length", [1400, 1600, 5000])
def test_a_mail_s_address_is_under_its_safe_length_or_there_is_none(length):
    draft = a_draft("a" * length)
    try:
        address = BY_NAME["email"].share(draft, None)
    except NoAddress as reason:
        assert length > 1400
        assert "1,600" in str(reason)  # noqa: PT017 - one of the two must hold
    else:
        assert length == 1400
        assert len(address) <= MAILTO_LENGTH


@pytest.mark.parametrize(
    "name", ["instagram", "signal", "discord", "slack", "matrix", "nostr", "pixelfed", "pinterest"]
)
def test_a_platform_without_composer_says_copy(name):
    with pytest.raises(NoAddress, match="copy it"):
        BY_NAME[name].share(a_draft("Hello"), MINE)


def test_the_addresses_of_a_whole_sample_decode_to_their_drafts(sample_kit):
    action = sample_kit.action("school-in-the-hills")
    platforms = [sample_kit.platform(name) for name in ALSO_TEXT if name != "mastodon"]
    drafts = sample_kit.share(action, ["ar", "en"], platforms, "appeal")
    assert len({draft.platform for draft in drafts}) == len(platforms)
    for draft in drafts:
        if draft.platform == "email":
            continue
        assert query(draft.share_url)[ALSO_TEXT[draft.platform]] == draft.text
