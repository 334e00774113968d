"""The platforms: their names, their limits, and how they count."""

import pytest

from uasocial.errors import NotFound
from uasocial.learned import learn
from uasocial.platforms import Instance, Limits, Platform
from uasocial.platforms.builtin import PLATFORMS
from uasocial.platforms.pictures import PICTURES, picture_limits
from uasocial.platforms.publisher import ServerLimits

BY_NAME = {platform.name: platform for platform in PLATFORMS}


def test_names_are_small_and_single_and_each_limit_has_a_source():
    names = [platform.name for platform in PLATFORMS]
    assert len(set(names)) == len(names)
    assert all(name == name.lower() and name.isidentifier() for name in names)
    assert all(platform.default.source for platform in PLATFORMS)


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("x", "a" * 280),
        ("mastodon", "a" * 500),
        ("bluesky", "👩‍👩‍👧" * 166 + "a" * 12),
        ("threads", "é" * 250),
        ("telegram", "🗝" * 4096),
        ("whatsapp", "🗝" * 2048),
        ("discord", "🗝" * 2000),
        ("linkedin", "🗝" * 1500),
        ("signal", "é" * 1024),
        ("sms", "a" * 160),
        ("email_subject", "a" * 998),
    ],
)
def test_the_longest_text_fits_and_one_more_character_does_not(name, most):
    assert BY_NAME[name].measure(most).fits
    longer = BY_NAME[name].measure(most + "a")
    assert not longer.fits


def test_a_text_in_another_alphabet_leaves_less_room_in_an_sms():
    assert BY_NAME["sms"].measure("ж" * 70).fits
    assert not BY_NAME["sms"].measure("ж" * 71).fits


@pytest.mark.parametrize("name", ["email", "nostr"])
def test_where_no_limit_is_everything_fits(name):
    measure = BY_NAME[name].measure("a" * 100_000)
    assert (measure.limit, measure.fits, measure.over()) == (None, True, 0)


def test_an_instance_sets_its_own_limits():
    mine = Instance("social.example", length=5000, url_length=30)
    measure = BY_NAME["mastodon"].measure("https://example.org/", mine)
    assert (measure.length, measure.limit) == (30, 5000)
    unknown = BY_NAME["mastodon"].measure("https://example.org/", Instance("other.example"))
    assert (unknown.length, unknown.limit) == (23, 500)


def test_the_settings_know_an_instance(cases):
    cases.settings('instance = "a.example"\n[instances."a.example"]\nmax_characters = 42\n')
    kit = cases.kit()
    assert kit.measure(kit.platform("mastodon"), "a").limit == 42
    assert kit.measure(kit.platform("bluesky"), "a").limit == 300


def test_what_a_server_has_said_counts_and_the_careful_figure_where_the_settings_differ(cases):
    cases.settings(
        'instance = "a.example"\n[accounts.us]\nplatform = "mastodon"\nlanguage = "en"\n'
        'kind = "console"\n[instances."a.example"]\nmax_characters = 900\n'
    )
    kit = cases.kit()
    learn(kit.project, "us", ServerLimits(server="a.example", length=5000, url_length=30))
    found = cases.kit().instance(kit.platform("mastodon"))
    assert found == Instance("a.example", 900, 30)
    learn(kit.project, "us", ServerLimits(server="a.example", length=700, url_length=20))
    assert cases.kit().instance(kit.platform("mastodon")) == Instance("a.example", 700, 20)
    assert kit.instance(kit.platform("bluesky")) is None


def test_what_the_server_of_an_account_says_counts_on_any_platform(cases):
    kit = cases.kit(instance=ServerLimits(server="relay.example", length=42))
    assert kit.measure(kit.platform("nostr"), "a").limit == 42


def test_a_content_warning_counts_with_the_text_on_mastodon_and_nowhere_else():
    mastodon, bluesky = BY_NAME["mastodon"], BY_NAME["bluesky"]
    assert mastodon.measure("a" * 490, warning="b" * 10).fits
    assert not mastodon.measure("a" * 490, warning="b" * 11).fits
    assert bluesky.measure("a" * 300, warning="b" * 10).fits


def test_a_content_warning_on_pixelfed_has_its_own_limit():
    assert BY_NAME["pixelfed"].measure("a" * 500, warning="b" * 140).fits
    assert not BY_NAME["pixelfed"].measure("a", warning="b" * 141).fits


def test_a_server_and_a_publisher_change_what_pictures_a_platform_takes():
    said = ServerLimits(
        server="a.example", media=16, alt=5000, bytes=1, types=("image/png", "image/avif")
    )
    found = picture_limits("mastodon", server=said)
    assert (found.count, found.alt, found.bytes) == (16, 5000, 1)
    assert (found.pixels, found.types) == (PICTURES["mastodon"].pixels, ("image/png",))
    assert picture_limits("mastodon", most=2, server=said).count == 2
    assert picture_limits("mastodon", most=99).count == 4
    strange = ServerLimits(server="a.example", types=("image/avif",))
    assert picture_limits("mastodon", server=strange).types == PICTURES["mastodon"].types


@pytest.mark.parametrize("wrong", [{"content_warnings": "yes"}, {"servers": 1}])
def test_a_flag_that_is_none_puts_a_platform_out(wrong):
    platform = Platform("p", "P", Limits(1, "x"), **wrong)
    assert platform.fault() == "must say True or False for content_warnings and servers"


def test_a_rule_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="no counting rule 'letters'"):
        Platform("p", "P", Limits(1, "letters"))


def test_a_hyphen_may_stand_for_an_underscore_and_an_unknown_name_has_a_nearest(sample_kit):
    assert sample_kit.platform("email-subject").name == "email_subject"
    with pytest.raises(NotFound, match="did you mean 'bluesky'"):
        sample_kit.platform("blusky")


def test_all_is_every_platform_and_none_is_those_of_the_settings(sample_kit):
    assert len(sample_kit.choose(["all"])) == len(sample_kit.platforms)
    assert [p.name for p in sample_kit.choose([])][:3] == ["x", "mastodon", "bluesky"]
    assert [p.name for p in sample_kit.choose(["x", "x"])] == ["x"]
