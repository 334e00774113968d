"""The sample ua-119-21 carries the facts of its page, in sentences of our own."""

import re
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from uasocial import languages

SEED = Path(__file__).parents[3] / "shared" / "data" / "seed"
RUN = 8


@pytest.fixture(scope="module")
def page():
    files = sorted(SEED.glob("*.txt"))
    if not files:
        pytest.skip("no seed page beside the project")
    return " ".join(" ".join(f.read_text(encoding="utf-8") for f in files).split())


@pytest.fixture
def facts(sample_kit):
    return sample_kit.action("ua-119-21").facts


def test_its_numbers_are_on_the_page(page, facts):
    assert facts.number in page
    assert facts.index in page


def test_its_days_are_on_the_page(page, facts):
    assert f"before {languages.day(facts.deadline, 'en')}" in page
    assert f"Aktiv seit {languages.day(facts.active_since, 'de')}" in page
    assert f"Noch {facts.days_left(facts.counter.as_of)} Tage" in page


def test_its_target_and_its_handle_are_on_the_page(page, facts):
    (target,) = facts.targets
    holder = target.holder(date(2021, 12, 1))
    for fact in (holder.name, target.office["en"], *target.address, f"@{holder.handles['x']}"):
        assert fact in page
    assert f"Señor Ministro {holder.name}" in page


def test_its_copy_is_on_the_page(page, facts):
    (copy,) = facts.copies
    for fact in (copy.name["fr"], *copy.address):
        assert fact in page
    national = "0" + copy.faxes[0].removeprefix("+41")
    assert national in page.replace(" ", "")


def test_its_hashtags_are_on_the_page(page, facts):
    campaign = facts.hashtags["campaign"]
    for tag in (facts.hashtags["country"], campaign["es"], campaign["en"]):
        assert f"#{tag}" in page


def test_its_counter_and_its_documents_are_on_the_page(page, facts):
    assert facts.counter.source in page
    assert facts.counter.source.startswith(f"{facts.counter.value} ")
    assert len(facts.documents) == 4
    for document in facts.documents:
        assert f"{document.title} {document.type}, {document.size}" in page


@pytest.mark.parametrize("language", ["de", "en", "es", "fr"])
def test_no_eight_words_in_a_row_are_the_page_s(page, sample_kit, language):
    words = _words((sample_kit.project.actions / "ua-119-21" / f"{language}.yaml").read_text())
    theirs = _runs(_words(page))
    # Guard against a page that reads as nothing.
    assert len(theirs) > 500
    assert sorted(_runs(words) & theirs) == []


def _words(text):
    return re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold())


def _runs(words):
    return {" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}
