"""Every action x language x platform x occasion renders, and fits where it is meant to go."""

from datetime import date
from pathlib import Path

import pytest

from uasocial.model import OCCASIONS
from uasocial.platforms.builtin import PLATFORMS
from uasocial.settings import Settings
from uasocial.words import handles_in

ROOT = Path(__file__).parents[2]
LANGUAGES = ("ar", "de", "en", "es", "fr", "it")
ACTIONS = sorted(p.name for p in (ROOT / "actions").iterdir())


def drafts_of(kit, name, occasion, platforms):
    action = kit.action(name)
    return list(kit.drafts(action, action.words, [kit.platform(p) for p in platforms], occasion))


@pytest.mark.parametrize("occasion", OCCASIONS)
@pytest.mark.parametrize("name", ACTIONS)
def test_every_draft_of_a_sample_fits_and_is_without_fault_on_the_default_platforms(
    sample_kit, name, occasion
):
    drafts = drafts_of(sample_kit, name, occasion, Settings().platforms)
    action = sample_kit.action(name)
    seen = {(draft.language, draft.platform) for draft in drafts}
    assert seen == {(lang, platform) for lang in action.words for platform in Settings().platforms}
    wrong = [
        f"{d.language} {d.platform} {d.wording}: {problem.message}"
        for d in drafts
        for problem in d.errors()
    ]
    assert wrong == []


@pytest.mark.parametrize("occasion", OCCASIONS)
@pytest.mark.parametrize("name", ACTIONS)
def test_every_draft_of_a_sample_renders_on_every_platform(sample_kit, name, occasion):
    drafts = drafts_of(sample_kit, name, occasion, [p.name for p in PLATFORMS])
    assert all(draft.text.strip() == draft.text != "" for draft in drafts)
    assert not any("\ufdd0" in d.text or "{" in d.text or "  " in d.text for d in drafts)
    assert {draft.platform for draft in drafts} == {p.name for p in PLATFORMS}


@pytest.mark.parametrize("name", ACTIONS)
def test_the_last_word_of_a_long_draft_is_its_whole_link(sample_kit, name):
    action = sample_kit.action(name)
    for draft in drafts_of(sample_kit, name, "appeal", Settings().platforms):
        assert draft.text.endswith(action.facts.link[draft.language])


def test_the_six_sets_of_templates_have_the_same_files(sample_kit):
    assert sample_kit.wordings.languages() == list(LANGUAGES)
    assert sample_kit.wordings.missing() == []
    names = {path.name for path in (ROOT / "templates" / "en").iterdir()}
    assert {f"{occasion}.j2" for occasion in OCCASIONS} <= names


def test_a_language_with_a_template_for_some_occasions_only_is_told(cases):
    cases.write()
    cases.template("pt/appeal.j2", "{{ title }}")
    found = cases.kit().check([], []).findings
    assert {finding.place.path.stem for finding in found} == set(OCCASIONS) - {"appeal"}
    assert {finding.code for finding in found} == {"C003"}
    folder = cases.root / "templates" / "pt"
    assert all(finding.place.path.parent == folder for finding in found)


@pytest.mark.parametrize("language", ["de", "en", "es", "fr"])
def test_the_minister_s_handle_stands_on_x_alone_and_elsewhere_name_and_office(
    sample_kit, language
):
    action = sample_kit.action("ua-119-21")
    (target,) = action.facts.targets
    mentioned = f"{target.holder(date(2021, 12, 1)).name} ({target.office[language]})"
    platforms = list(sample_kit.platforms.values())
    for draft in sample_kit.drafts(action, [language], platforms, "appeal"):
        if draft.platform == "x":
            assert handles_in(draft.text) == ["MaurtuaDe"]
        else:
            assert "MaurtuaDe" not in draft.text
            assert draft.platform == "sms" or mentioned in draft.text


def test_each_network_of_the_second_sample_has_its_own_handle(sample_kit):
    action = sample_kit.action("school-in-the-hills")
    handles = action.facts.targets[0].holder(date(2021, 12, 1)).handles
    for name, handle in handles.items():
        platforms = [sample_kit.platform(name)]
        for draft in sample_kit.drafts(action, ["en", "ar"], platforms, "appeal"):
            assert handles_in(draft.text) == [handle]


def test_a_target_without_a_handle_is_named(sample_kit):
    target = sample_kit.action("school-in-the-hills").facts.targets[1]
    assert target.holder(date(2021, 12, 1)).handles == {}
    assert target.holder(date(2021, 12, 1)).name == "Haron Velsi"


def test_the_last_day_and_the_days_left_are_those_of_the_moment(sample_kit):
    action = sample_kit.action("ua-119-21")
    texts = {
        # French and others keep a number and its noun together.
        language: next(
            sample_kit.drafts(action, [language], [sample_kit.platform("mastodon")], "reminder")
        ).text.replace("\xa0", " ")
        for language in action.words
    }
    assert "33 días" in texts["es"]
    assert "2 de enero de 2022" in texts["es"]
    assert "33 days" in texts["en"]
    assert "2 January 2022" in texts["en"]
    assert "33 Tage" in texts["de"]
    assert "2. Januar 2022" in texts["de"]
    assert "33 jours" in texts["fr"]
    assert "2 janvier 2022" in texts["fr"]
