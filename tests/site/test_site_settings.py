"""The table `[site]` of uasocial.toml: what it takes, and one line for each fault."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uasocial.errors import SettingsError
from uasocial.settings import SITE_LANGUAGES, SiteSettings, find_project
from uasocial.settings.addresses import fault_of_address, fault_of_contact
from uasocial.settings.colours import contrast, lightened, luminance
from uasocial.settings.site_table import DARK, LEAST_CONTRAST, LIGHT

WHOLE = """\
organisation = "Ours"

[site]
url = "https://act.example.org/ua/"
name = "Write for them"
languages = ["es", "en"]
platforms = ["mastodon", "email"]
servers = ["social.example:8443"]
fresh_days = 90
accent = "#0B5D57"
accent_dark = "#7fd6c9"
contact = "ana@example.org"
imprint = "https://example.org/imprint?of=site#top"
privacy = "http://example.org/privacy"
"""


@pytest.fixture
def site(cases):
    """Read a project with these lines in `[site]`."""

    def read(text: str) -> SiteSettings:
        cases.settings(text)
        return find_project(str(cases.root)).settings.site

    return read


def test_a_project_without_the_table_has_a_site_of_all_that_is_usual(site):
    found = site("")
    assert found == SiteSettings()
    assert found.languages == SITE_LANGUAGES == ("en", "de", "fr", "es", "it", "ar")
    assert found.platforms == ("x", "mastodon", "bluesky", "whatsapp", "telegram", "facebook")
    assert found.servers == ("mastodon.social", "mastodon.online")
    assert (found.url, found.name, found.contact, found.fresh_days) == ("", "", "", 7)


def test_every_key_is_taken_as_it_stands_but_the_slash_at_the_end_of_the_url(site):
    found = site(WHOLE)
    assert found == SiteSettings(
        url="https://act.example.org/ua",
        name="Write for them",
        languages=("es", "en"),
        platforms=("mastodon", "email"),
        servers=("social.example:8443",),
        fresh_days=90,
        accent="#0B5D57",
        accent_dark="#7fd6c9",
        contact="ana@example.org",
        imprint="https://example.org/imprint?of=site#top",
        privacy="http://example.org/privacy",
    )
    assert found.url == "https://act.example.org/ua"
    assert found.accent_on_dark == "#7fd6c9"


@pytest.mark.parametrize(
    "url", ["http://localhost:8000", "https://a-b.example/x%20y/", "https://xn--mnchen-3ya.example"]
)
def test_a_place_with_scheme_and_host_is_one(site, url):
    assert site(f'[site]\nurl = "{url}"').url == url.rstrip("/")


# What stands in the second line, below [site], and what is said of it.
FAULTS = {
    'url = "act.example.org"': 'url "act.example.org" has no https:// in front: '
    "write https://act.example.org",
    'url = "//act.example.org/ua"': 'url "//act.example.org/ua" has no https:// in front: '
    "write https://act.example.org/ua",
    'url = "here"': 'url "here" has no https:// in front: write it such as https://act.example.org',
    'url = "ftp://act.example.org"': 'url "ftp://act.example.org" must begin with https:// or '
    "http://",
    'url = "https:///ua"': 'url "https:///ua" names no host: write it such as '
    "https://act.example.org/ua",
    'url = "https://ana:secret@act.example.org"': "url holds a name or a password before its @: "
    "leave that out",
    'url = "ana:secret@act.example.org"': "url holds a name or a password before its @: leave "
    "that out",
    'url = "https://act.example.org/ua?a=1#b"': 'url "https://act.example.org/ua?a=1#b" must end '
    "before its ? or #: write https://act.example.org/ua",
    'url = "https://act.example.org/#"': 'url "https://act.example.org/#" must end before its ? '
    "or #: write https://act.example.org/",
    'url = "https://münchen.example"': 'url "https://münchen.example" must be in ASCII: take it '
    "as a browser's address bar copies it",
    'url = "https://a b.example"': 'url "https://a b.example" is no web address: write it such as '
    "https://act.example.org/ua",
    'url = "https://a.example/\\"><b>"': 'url "https://a.example/"><b>" is no web address: write '
    "it such as https://act.example.org/ua",
    'url = "https://a.example/\\n\\u001b[31m"': r'url "https://a.example/\n\x1b[31m" is no web '
    "address: write it such as https://act.example.org/ua",
    'url = "https://a.example:70000"': 'url "https://a.example:70000" is no web address: write it '
    "such as https://act.example.org/ua",
    "url = 3": "url must be the address where the site will stand, such as "
    "https://act.example.org/ua",
    f'url = "https://a.example/{"a" * 2000}"': "url must be the address where the site will "
    "stand, such as https://act.example.org/ua",
    f'url = "{"a" * 99}"': f'url "{"a" * 80}…" has no https:// in front: write it such as '
    "https://act.example.org",
    'name = "a\\nb"': "name must be one line of text, without hidden characters",
    'name = "a\u202eb"': "name must be one line of text, without hidden characters",
    'name = "a\\u0007b"': "name must be one line of text, without hidden characters",
    'name = "Ours\\n"': "name must have no space at its ends",
    f'name = "{"a" * 121}"': "name has 121 characters: 120 is the most",
    'languages = ["en", "pt"]': "languages must be a list of at least one of en, de, fr, es, it, "
    "ar",
    "languages = []": "languages must be a list of at least one of en, de, fr, es, it, ar",
    'languages = "en"': "languages must be a list of at least one of en, de, fr, es, it, ar",
    'languages = ["en", "de", "en"]': 'languages names "en" twice: once is enough',
    'platforms = ["X"]': 'platforms must be a list of platforms\' names such as ["x", "mastodon"]',
    'platforms = ["x", "x"]': 'platforms names "x" twice: once is enough',
    'servers = ["https://social.example"]': 'servers must be a list of hosts such as ["mastodon.'
    'social"]',
    'servers = ["social.example\\n"]': 'servers must be a list of hosts such as ["mastodon.social'
    '"]',
    'servers = ["a.example", "a.example"]': 'servers names "a.example" twice: once is enough',
    "fresh_days = 0": "fresh_days must be a whole number of days from 1 to 90",
    "fresh_days = 91": "fresh_days must be a whole number of days from 1 to 90",
    "fresh_days = 1.5": "fresh_days must be a whole number of days from 1 to 90",
    "fresh_days = true": "fresh_days must be a whole number of days from 1 to 90",
    'accent = "#fff"': 'accent must be a colour such as "#0b5d57"',
    'accent = "teal"': 'accent must be a colour such as "#0b5d57"',
    'accent = "#0b5d57\\n"': 'accent must be a colour such as "#0b5d57"',
    'accent = "#7fd6c9"': "accent #7fd6c9 has a contrast of 1.49:1 against #f3f0e9 and needs "
    "4.5:1: take a darker one",
    # The first grey that is too light: rounded up, it would be said to have what it lacks.
    'accent = "#6e6e6e"': "accent #6e6e6e has a contrast of 4.48:1 against #f3f0e9 and needs "
    "4.5:1: take a darker one",
    'accent_dark = "#0b5d57"': "accent_dark #0b5d57 has a contrast of 1.99:1 against #1d262a and "
    "needs 4.5:1: take a lighter one",
    'accent_dark = "light"': 'accent_dark must be a colour such as "#7fd6c9"',
    'contact = "ana"': 'contact "ana" is neither an e-mail address nor a web address such as '
    "https://…",
    'contact = "ana@here"': 'contact "ana@here" is neither an e-mail address nor a web address '
    "such as https://…",
    'contact = "mailto:ana@example.org"': "contact must be the e-mail address alone: write "
    "ana@example.org",
    'contact = "example.org/ask"': 'contact "example.org/ask" has no https:// in front: write '
    "https://example.org/ask",
    "contact = []": "contact must be an e-mail address, or a web address such as "
    "https://example.org/contact",
    'imprint = "javascript:alert(1)"': 'imprint "javascript:alert(1)" has no https:// in front: '
    "write it such as https://act.example.org",
    "imprint = 1": "imprint must be a web address such as https://example.org/imprint",
    'privacy = "example.org/privacy"': 'privacy "example.org/privacy" has no https:// in front: '
    "write https://example.org/privacy",
    "privacy = {}": "privacy must be a web address such as https://example.org/privacy",
}


@pytest.mark.parametrize("line", FAULTS)
def test_what_is_wrong_in_the_table_is_said_in_one_line(site, cases, line):
    with pytest.raises(SettingsError) as fault:
        site(f"[site]\n{line}\n")
    assert str(fault.value) == f"{cases.root / 'uasocial.toml'}: line 2: site: {FAULTS[line]}"


# What stands in the file, and what is said of it: faults of the table as a whole.
ELSEWHERE = {
    '[ledger]\nnaem = 1\n[site]\nnaem = "a"': "line 2: unknown key 'naem'",
    '[people.a]\nmay = []\n[site]\nnaem = "a"': "line 4: unknown key 'naem'; did you mean 'name'?",
    "time_zone = 'UTC'\nsite = 3": "line 2: site: must be a table: [site], and its keys below",
    "\n[[site]]\nname = 'a'": "site: must be a table: [site], and its keys below",
    'site = {url = "a.example"}': 'line 1: site: url "a.example" has no https:// in front: write '
    "https://a.example",
    # A text that looks like a part of what msgspec says.
    '[site]\ncontact = "unknown field `$.team` - at `$.site.name`"': "line 2: site: contact "
    '"unknown field `$.team` - at `$.site.name`" is neither an e-mail address nor a web address '
    "such as https://…",
    '[ledger]\nurl = "sqlite:///a.db"\n[site]\nurl = "a.example"': 'line 4: site: url "a.example" '
    "has no https:// in front: write https://a.example",
}


@pytest.mark.parametrize("text", ELSEWHERE)
def test_a_fault_is_told_of_the_table_and_the_line_it_stands_in(site, cases, text):
    with pytest.raises(SettingsError) as fault:
        site(text)
    assert str(fault.value) == f"{cases.root / 'uasocial.toml'}: {ELSEWHERE[text]}"


def test_on_the_command_line_a_fault_is_one_line_and_the_status_1(cases, command):
    cases.settings('[site]\nurl = "act.example.org"\n')
    ended = command("--project", str(cases.root), "list")
    assert (ended.status, ended.out, len(ended.err.splitlines())) == (1, "", 1)
    assert ended.err.endswith("write https://act.example.org\n")


@given(st.text(max_size=40))
def test_no_text_with_what_could_leave_an_attribute_is_an_address(text):
    said = f"https://a.example/{text}"
    if fault_of_address(said) == "":
        assert said.isascii()
        assert not set(said) & set(' \t\r\n<>"\\`')


@given(st.text(max_size=60) | st.from_regex(r"[a-z:/@.?#]{0,30}", fullmatch=True))
def test_what_is_said_of_an_address_is_one_line_whatever_stands_there(text):
    for said in (fault_of_address(text), fault_of_contact(text)):
        assert said.isprintable()


# Colours

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@pytest.mark.parametrize(
    ("a", "b", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#ffffff", "#ffffff", 1),
        # From the W3C's own example of a failure and its remedy:
        # https://www.w3.org/WAI/WCAG22/Understanding/contrast-minimum (#777777 on white, 4.47:1).
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#FFFFFF", 4.54),
        ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_known_colours_have_their_known_contrast(a, b, ratio):
    assert round(contrast(a, b), 2) == ratio == round(contrast(b, a), 2)


@given(COLOURS, COLOURS)
def test_a_contrast_lies_between_1_and_21_and_has_no_order(a, b):
    assert 1 <= contrast(a, b) <= 21
    assert contrast(a, b) == contrast(b, a)


@given(COLOURS)
def test_a_lightened_colour_reaches_the_ratio_and_is_never_darker(colour):
    found = lightened(colour, DARK, LEAST_CONTRAST)
    assert contrast(found, DARK) >= LEAST_CONTRAST
    assert luminance(found) >= luminance(colour)


@given(COLOURS)
def test_a_colour_that_reaches_the_ratio_stays_as_it_is(colour):
    found = lightened(colour, DARK, LEAST_CONTRAST)
    assert (found == colour) == (contrast(colour, DARK) >= LEAST_CONTRAST)


def test_where_not_even_white_reaches_the_ratio_that_is_said():
    with pytest.raises(ValueError, match="no shade of #ffff00"):
        lightened("#ffff00", LIGHT, 2)


@given(COLOURS)
def test_every_colour_that_is_taken_can_be_read_in_both_schemes(colour):
    if contrast(colour, LIGHT) >= LEAST_CONTRAST:
        found = SiteSettings(accent=colour)
        assert contrast(found.accent, LIGHT) >= LEAST_CONTRAST
        assert contrast(found.accent_on_dark, DARK) >= LEAST_CONTRAST
