"""The labels by which sections of an urgent action are known."""

import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uasocial.reading.label_table import LABELS, MUST_FOLLOW
from uasocial.reading.labels import labels_of

HEADINGS = Path(__file__).parents[3] / "shared" / "data" / "headings.json"
PLACES = {"{n}": "34", "{language}": "Spanish", "{number}": "UA 119/21", "...": "antes del 3"}


def rows():
    for kind, table in LABELS.items():
        for row in table.strip().splitlines():
            head, _, labels = row.strip().partition(": ")
            language, mark = head.split()
            yield kind, language, mark, labels.split(" | ")


def filled(label):
    for place, words in PLACES.items():
        label = label.replace(place, words)
    return label


def kinds(text):
    return {(label.kind, label.language) for label in labels_of(text) if label.how == "alone"}


def test_every_label_beside_the_project_is_known_alone_as_its_kind():
    if not HEADINGS.is_file():
        pytest.skip("no headings.json beside the project")
    headings = json.loads(HEADINGS.read_text(encoding="utf-8"))
    listed = [
        (kind, language, label)
        for kind, by_language in headings.items()
        if kind != "_note"
        for language, by_mark in by_language.items()
        for labels in by_mark.values()
        for label in labels
    ]
    assert len(listed) > 90
    assert [row for row in listed if row[:2] not in kinds(filled(row[2]))] == []


def test_every_label_of_our_own_is_known_with_and_without_its_optional_ending():
    for kind, language, mark, labels in rows():
        assert mark in {"s", "m"}
        for label in labels:
            for form in (label.replace("(s)", ""), label.replace("(s)", "s")):
                assert (kind, language) in kinds(filled(form)), form


def test_what_must_follow_is_asked_of_kinds_that_exist():
    assert set(MUST_FOLLOW) <= set(LABELS)
    for pattern in MUST_FOLLOW.values():
        assert re.compile(pattern).search("") is None


@pytest.mark.parametrize(
    "line",
    [
        "Copies to",
        "COPIES TO:",
        "copies  to :",
        "Copies\u00a0to",
        "• Copies to",
        "→ Copies to –",
        "3. Copies to.",
        "## Copies to",
        "“Copies to”",
        "**Copies to:**",
    ],
)
def test_a_label_alone_may_have_bullets_numbers_quotes_and_marks_around_it(line):
    assert labels_of(line)[0][:4] == ("copies_to", "en", "", "alone")


@pytest.mark.parametrize("apostrophe", ["'", "’", "ʼ", "´"])
def test_apostrophes_of_all_kinds_are_one(apostrophe):
    assert labels_of(f"Complément d{apostrophe}information")[0].kind == "background"


def test_accents_may_be_written_as_letters_and_marks():
    assert labels_of("I\u0301ndice AI")[0][:2] == ("index", "es")


@pytest.mark.parametrize(
    ("line", "kind", "rest", "how"),
    [
        ("AI-Index: AMR 46/5033/2021", "index", "AMR 46/5033/2021", "colon"),
        ("Délai d’envoi : 3 mars  2024", "deadline", "3 mars  2024", "colon"),
        ("Index – AFR 1", "index", "AFR 1", "colon"),
        ("Port : Fr. 2.00", "postage", "Fr. 2.00", "colon"),
        ("Port Fr. 2.00", "postage", "Fr. 2.00", "prefix"),
        ("Twitter: @ana", "social", "@ana", "colon"),
        ("Twitter @ana", "social", "@ana", "prefix"),
        ("UA 119/21", "number", "119/21", "prefix"),
        ("UA219 /06", "number", "219 /06", "prefix"),
        ("UA: 170/10", "number", "170/10", "colon"),
        ("THIRD UA 60/16", "number", "60/16", "prefix"),
        ("FI 104/19-5 | Égypte", "number", "104/19-5 | Égypte", "prefix"),
        ("Please take action before 3 January 2022.", "deadline", "3 January 2022.", "prefix"),
        ("Aktiv seit 23. November 2021", "issued", "23. November 2021", "prefix"),
        ("Index AMR 46/5033/2021", "index", "AMR 46/5033/2021", "prefix"),
    ],
)
def test_what_follows_a_label_is_its_rest_in_the_characters_of_the_line(line, kind, rest, how):
    label = labels_of(line)[0]
    assert (label.kind, label.rest, label.how) == (kind, rest, how)


@pytest.mark.parametrize(
    "line",
    [
        "UA is a country",
        "Port au Prince",
        "Porto is a city",
        "Twitter is closed",
        "Index of people",
        "Issued a statement",
        "Actúen ya",
        "Urgent action needed",
        "Hintergrund ist das Gesetz",
        "@Port",
        "#Twitter",
        "Airport",
        "Indexes",
        "",
        " • ",
    ],
)
def test_a_short_label_is_none_where_nothing_fitting_follows(line):
    assert labels_of(line) == []


@pytest.mark.parametrize(
    ("line", "kind", "values"),
    [
        ("Noch 34 Tage Laufzeit", "days_left", {"n": "34"}),
        ("Encore valable durant 1 jour", "days_left", {"n": "1"}),
        ("1’234 Briefe verschickt", "counter", {"n": "1234"}),
        ("10 lettres envoyées", "counter", {"n": "10"}),
        ("Model letter in Spanish", "letter", {"language": "Spanish"}),
        ("Modellbrief auf Französisch:", "letter", {"language": "Französisch"}),
        ("Lettre modèle en espagnol", "letter", {"language": "espagnol"}),
    ],
)
def test_a_label_with_a_place_gives_what_stood_there(line, kind, values):
    label = labels_of(line)[0]
    assert (label.kind, label.values, label.how) == (kind, values, "alone")


def test_a_number_in_a_label_is_given_as_written():
    line = "Click here to let us know the actions you took on Urgent Action 119/21"
    assert labels_of(line)[0].values == {"number": "119/21"}


def test_what_is_no_language_is_the_rest():
    label = labels_of("Model letter in your own words")[0]
    assert (label.rest, label.how, label.values) == ("in your own words", "prefix", {})


def test_readings_are_best_first_alone_before_colon_and_the_longest_before_the_shorter():
    found = labels_of("TAKE ACTION: WRITE AN APPEAL IN YOUR OWN WORDS OR USE THIS MODEL LETTER")
    assert [label.how for label in found] == ["alone", "colon"]
    found = labels_of("ENVOYEZ VOS APPELS AVANT LE 23 AVRIL 2010 À")
    assert [(label.kind, label.how) for label in found] == [
        ("appeals_to", "alone"),
        ("deadline", "prefix"),
    ]
    found = labels_of("Passez à l’action : agissez")
    assert (found[0].how, found[0].rest) == ("colon", "agissez")
    found = labels_of("Informations complémentaires sur l'AU 59/10")
    assert [label.kind for label in found] == ["update_of", "background"]


def test_one_label_of_several_kinds_or_languages_gives_each():
    assert {label.kind for label in labels_of("Usa esta carta")} == {"take_action", "letter"}
    assert {label.language for label in labels_of("UA 1/22")} == {"en", "de"}


def test_a_label_does_not_reach_over_a_colon_that_it_does_not_have():
    assert [(label.kind, label.rest) for label in labels_of("Index: AI")] == [
        ("index", "AI"),
        ("index", "AI"),
        ("index", "AI"),
    ]


def test_a_long_line_is_no_label_alone():
    assert labels_of("Copies to" + " " * 2000) == [] or "alone" not in {
        label.how for label in labels_of("Copies to" + " " * 2000)
    }
    long = "AI-Index: AMR 1 " + "x" * 3000
    assert (labels_of(long)[0].how, len(labels_of(long)[0].rest)) == ("colon", 3006)


lines = st.one_of(
    st.text(st.one_of(st.characters(), st.characters(categories=["Cs"])), max_size=60),
    st.lists(
        st.one_of(
            st.sampled_from([filled(label) for *_, labels in rows() for label in labels]),
            st.sampled_from(
                [" ", ":", " – ", "\u00a0", "119/21", "3 January 2022", "in ", "à", "#"]
            ),
            st.text(max_size=4),
        ),
        max_size=6,
    ).map("".join),
)


@settings(deadline=None, max_examples=400, derandomize=True)
@given(lines)
def test_no_line_raises_and_the_rest_is_its_end(line):
    for label in labels_of(line):
        assert line.rstrip().endswith(label.rest) or label.rest == ""
        assert (label.rest == "") or label.how != "alone"
        assert label.kind in LABELS


@pytest.mark.parametrize("unit", ["\u00a0", "- ", "1. ", "UA ", "Take action ", "'", "*"])
def test_the_longest_line_takes_no_second(unit):
    labels_of("Model letter in Spanish")
    begun = time.perf_counter()
    labels_of(unit * 100_000)
    assert time.perf_counter() - begun < 1
