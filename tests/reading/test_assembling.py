"""Several documents make one case: what they say together, and where they differ."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uasocial.errors import DocumentError, UasocialError
from uasocial.model import writing
from uasocial.reading import Document, Doubt, Field, Line, Match, Reading, matching, naming
from uasocial.reading.assembling import assemble, complete, said_at, update
from uasocial.reading.choosing import choose
from uasocial.reading.merging import leaves
from uasocial.reading.showing import explain, labels, legible, wrap

TODAY = date(2026, 1, 20)
LONG = "A text of several words that is longer than its column"

GATE = {
    ("action", "number"): "UA 1/26",
    ("action", "countries"): ["PE"],
    ("action", "active_since"): "2026-01-10",
    ("action", "deadline"): "2026-02-10",
    ("action", "targets", 0, "office", "en"): "Minister of Gates",
    ("action", "targets", 0, "holders", 0, "name"): "Oscar Maúrtua",
    ("en", "title"): "Open the gate",
    ("en", "lead"): "The gate is closed.",
}


def reading(values, name="a.txt", *, furniture=(), unplaced=(), doubts=(), **about):
    """A reading of a document that has each value in a line of its own, in their order."""
    lines = tuple(Line(n, str(value)) for n, value in enumerate(values.values(), 1))
    document = Document(name=name, format="text", sha256=name[0] * 64, lines=lines, **about)
    fields = tuple(Field(at, value, (n,)) for n, (at, value) in enumerate(values.items(), 1))
    return Reading(
        document=document,
        layout="test",
        fields=fields,
        furniture=tuple(furniture),
        unplaced=tuple(unplaced),
        doubts=tuple(doubts),
    )


def made(*readings):
    return complete(assemble(readings, TODAY), TODAY)


def without(*keys):
    return {at: value for at, value in GATE.items() if at[1] not in keys}


def test_a_case_has_the_values_with_their_lines_and_its_source():
    case = made(reading(GATE, title="Page", url="https://example.org/1"))
    facts = case.plain()["action"]
    assert facts["deadline"] == "2026-02-10"
    assert facts["sources"] == [
        {"url": "https://example.org/1", "title": "Page", "sha256": "a" * 64}
    ]
    origins = {at: leaf.origins for at, leaf in leaves(case.tree) if at in GATE}
    assert {at: (o.document, o.lines, o.value) for at, (o,) in origins.items()} == {
        at: ("a.txt", (n,), value) for n, (at, value) in enumerate(GATE.items(), 1)
    }


def test_a_layout_s_own_source_is_completed_and_not_doubled():
    read_on = {("action", "sources", 0, "retrieved_at"): "2026-01-12"}
    case = made(reading(GATE | read_on, url="https://example.org/1"), reading(GATE, "b.txt"))
    assert case.plain()["action"]["sources"] == [
        {"url": "https://example.org/1", "sha256": "a" * 64, "retrieved_at": "2026-01-12"},
        {"sha256": "b" * 64},
    ]


def test_the_first_document_wins_and_the_others_are_told_fact_by_fact():
    other = GATE | {("action", "deadline"): "2026-02-11", ("en", "title"): "Open it"}
    third = GATE | {("action", "deadline"): "2026-02-11"}
    case = made(reading(GATE), reading(other, "b.txt"), reading(third, "c.txt"))
    assert case.plain()["action"]["deadline"] == "2026-02-10"
    deadline, title = map(str, case.disagreements)
    assert deadline == (
        "deadline: a.txt:4 says 2026-02-10, b.txt:4 says 2026-02-11, c.txt:4 says 2026-02-11; "
        "the first is taken"
    )
    assert title == "en title: a.txt:7 says Open the gate, b.txt:7 says Open it; the first is taken"


def test_two_holders_of_one_office_disagree_and_no_handle_crosses():
    handle = {("action", "targets", 0, "holders", 0, "handles", "x"): "ana"}
    other = GATE | {("action", "targets", 0, "holders", 0, "name"): "Ana Example"} | handle
    case = made(reading(GATE), reading(other, "b.txt"))
    assert case.plain()["action"]["targets"][0]["holders"] == [{"name": "Oscar Maúrtua"}]
    assert [str(found) for found in case.disagreements] == [
        "target 1 holders: a.txt:6 says Oscar Maúrtua, b.txt:6 says Ana Example; the first is taken"
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The «gate»  is\u00a0closed.", 'The "gate" is closed.', True),
        ("Don’t", "Don't", True),
        (["a  b"], ["a b"], True),
        (["a"], ["a", "b"], False),
        ("The gate is closed", "The gate is closed.", False),
        (True, 1, False),
    ],
)
def test_white_space_and_typographic_quotes_are_no_disagreement(one, other, same):
    assert matching.same_words(one, other) is same


def test_a_target_is_found_again_by_its_holder_in_another_language_and_spelling():
    spanish = {
        ("action", "targets", 0, "office", "es"): "Jefa de Aduanas",
        ("action", "targets", 1, "office", "es"): "Ministro de Puertas",
        ("action", "targets", 1, "holders", 0, "name"): "OSCAR MAURTUA",
        ("es", "title"): "Abran la puerta",
        ("es", "lead"): "La puerta está cerrada.",
    }
    case = made(reading(GATE), reading(spanish, "b.txt"))
    assert [(t["id"], t["office"]) for t in case.plain()["action"]["targets"]] == [
        ("minister-of-gates", {"en": "Minister of Gates", "es": "Ministro de Puertas"}),
        ("jefa-de-aduanas", {"es": "Jefa de Aduanas"}),
    ]


TARGET = {"office": {"en": "Minister"}, "holders": [{"name": "Ana", "handles": {"x": "ana"}}]}


@pytest.mark.parametrize(
    ("kind", "base", "new", "expected"),
    [
        ("targets", [TARGET], [{"holders": [{"handles": {"x": "Ana"}}]}], [0]),
        ("targets", [TARGET], [{"holders": [{"handles": {"mastodon": "ana"}}]}], [0]),
        ("targets", [TARGET], [{"holders": [{"name": "Ben"}]}], [None]),
        ("targets", [TARGET], [{"office": {"es": "Ministra"}}], [0]),
        ("targets", [TARGET], [{"office": {"es": "A"}}, {"office": {"es": "B"}}], [None, None]),
        ("targets", [{"address": ["A", "B 1"]}], [{"address": ["a,", "B 1"]}], [None]),
        ("targets", [{"address": ["A", "B 1"]}, {}], [{"address": ["a", "b 1"]}], [0]),
        ("copies", [{"sender_country": "CH"}], [{"sender_country": "CH"}], [0]),
        ("copies", [{"sender_country": "CH"}], [{"sender_country": "DE"}], [None]),
        ("copies", [{"name": {"fr": "Ambassade"}}, {}], [{"name": {"fr": "ambassade"}}], [0]),
        ("posts", [{"text": "One"}, {"text": "Two"}], [{"text": "Two "}, {"text": "3"}], [1, None]),
        ("posts", [{"id": "post-1", "text": "One"}], [{"text": "Two"}], [0]),
        ("posts", [{"id": "post-1", "template": "One"}], [{"text": "Two"}], [None]),
        ("posts", [{"text": "One"}], [{"text": "Two"}], [None]),
        (
            "documents",
            [{"language": "en", "title": "A"}],
            [{"language": "en", "title": "B"}],
            [None],
        ),
        ("documents", [{"language": "en", "title": "A"}], [{"language": "en", "title": "A"}], [0]),
        ("people", [{"name": "B"}, {"name": "Á"}], [{"name": "a", "age": 3}], [1]),
        ("delivery", [{"to": "PE"}], [{"to": "CH"}], [0]),
        ("delivery", [{"to": "PE"}], [{"to": "CH"}, {"to": "PE"}], [None, None]),
    ],
)
def test_things_are_found_again_by_what_they_are_known_by(kind, base, new, expected):
    assert matching.pair(kind, base, new) == expected


def test_a_template_with_the_same_words_is_the_post():
    template = "{{ country | hashtag }}: {{ target | mention }}, open the gate. {{ action | link }}"
    posts = [{"id": "mine", "template": template}]
    text = "#Perú: @ana, open  the gate. https://example.org"
    assert matching.pair("posts", posts, [{"text": text}]) == [0]
    assert matching.pair("posts", posts, [{"text": "#Perú: @ana, shut the gate."}]) == [None]
    assert matching.pair("posts", [{"template": "{{ title }}"}], [{"text": text}]) == [None]


def test_things_without_a_name_get_one_of_their_own():
    more = {
        ("action", "targets", 1, "office", "en"): "Minister of Gates",
        ("action", "targets", 2, "office", "ar"): "محافظ",
        ("action", "copies", 0, "name", "fr"): "Ambassade du Pérou",
        ("action", "copies", 0, "sender_country"): "CH",
        ("en", "posts", 0, "text"): "One",
        ("en", "posts", 1, "id"): "post-1",
        ("en", "posts", 1, "text"): "Two",
    }
    plain = made(reading(GATE | more)).plain()
    names = [target["id"] for target in plain["action"]["targets"]]
    assert names[:2] == ["minister-of-gates", "minister-of-gates-2"]
    assert naming.checked_id(names[2])
    assert plain["action"]["copies"][0]["id"] == "ambassade-du-perou"
    assert [post["id"] for post in plain["en"]["posts"]] == ["post-1-2", "post-1"]


@pytest.mark.parametrize(
    ("facts", "title", "expected"),
    [
        ({"number": "UA 119/21"}, "Any", "ua-119-21"),
        ({"number": "UA: 119/2021"}, "Any", "ua-119-21"),
        ({"number": "FI 104/19-5"}, "Any", "fi-104-19-5"),
        ({}, "¡Abran la puerta, señor Ñandú!", "abran-la-puerta-senor-nandu"),
        ({"number": "eleven"}, "A" * 70, "a" * 50),
        ({}, "word " * 30, "word-word-word-word-word-word-word-word-word-word"),
        ({}, "!!!", "case"),
    ],
)
def test_a_case_goes_by_its_number_or_by_its_title(facts, title, expected):
    assert naming.case_id({"action": facts, "es": {"title": title}}) == expected


def test_an_id_that_is_none_is_refused():
    for wrong in ("../up", "Gate", "a--b", "", "a" * 81):
        with pytest.raises(UasocialError, match="is no id of a case"):
            naming.checked_id(wrong)


def test_what_the_model_refuses_is_kept_among_the_unplaced_and_the_rest_is_taken():
    more = {
        ("action", "targets", 0, "emails"): ["good@gate.example", "bad@"],
        ("action", "targets", 0, "holders", 0, "handles", "x"): "@ana",
        ("action", "people", 0, "name"): "Samar\u200b Belkori",
        ("action", "copies", 0, "name", "fr"): "Ambassade",
        ("action", "colour"): "red",
        ("en", "update"): "Look \u202e here",
    }
    case = made(reading(GATE | more))
    plain = case.plain()
    assert plain["action"]["targets"][0]["emails"] == ["good@gate.example"]
    assert [key for key in ("people", "copies", "colour") if plain["action"].get(key)] == []
    assert "update" not in plain["en"]
    assert {(remark.line, remark.text) for remark in case.unplaced} == {
        (9, "['good@gate.example', 'bad@']"),
        (10, "@ana"),
        (11, "Samar\u200b Belkori"),
        (12, "Ambassade"),
        (13, "red"),
        (14, "Look \u202e here"),
    }
    doubts = [str(doubt) for doubt in case.doubts]
    assert len(doubts) == 6
    assert "a.txt:9: target 1 emails 2: 'bad@' is no e-mail address: not taken" in doubts
    assert "a.txt:12: copy 1: 'sender_country' is missing: not taken" in doubts


def test_a_letter_alone_is_words_enough_for_a_second_language():
    letter = {
        ("es", "letter", "salutation"): "Señor:",
        ("es", "letter", "paragraphs"): ["Abra la puerta."],
    }
    assert made(reading(GATE | letter)).plain()["es"] == {
        "letter": {"salutation": "Señor:", "paragraphs": ["Abra la puerta."]}
    }


def test_all_that_a_case_cannot_do_without_is_named_in_one_line():
    with pytest.raises(DocumentError) as told:
        made(reading({("en", "body"): ["Words."]}))
    assert str(told.value) == (
        "a.txt: makes no case: there is no title, no lead, no deadline, no target, no country, "
        "no day since which it is active"
    )


def test_a_refused_value_is_told_where_the_case_cannot_do_without_it():
    with pytest.raises(DocumentError, match=r"no deadline \(deadline: '2026-02-30' is no day"):
        made(reading(GATE | {("action", "deadline"): "2026-02-30"}))


def test_title_and_lead_are_of_one_language():
    split = without("lead") | {("es", "lead"): "La puerta."}
    with pytest.raises(DocumentError, match="no language with both title and lead"):
        made(reading(split))


def test_a_last_day_before_the_first_is_refused():
    with pytest.raises(DocumentError, match="lies before `active_since`"):
        made(reading(GATE | {("action", "deadline"): "2026-01-01"}))


def test_two_fields_for_one_place_or_across_another_are_told():
    doubled = reading(GATE)
    fields = (
        *doubled.fields,
        Field(("action", "deadline"), "2026-02-12", (4,)),
        Field(("en", "title", "sub"), "x", (7,)),
        Field(("action", "targets", "first"), "y", (5,)),
    )
    twice = Reading(document=doubled.document, layout="test", fields=fields)
    case = made(twice)
    told = [str(found) for found in case.disagreements]
    assert told[0] == (
        "deadline: a.txt:4 says 2026-02-10, a.txt:4 says 2026-02-12; the first is taken"
    )
    assert len(told) == 3
    assert case.plain()["en"]["title"] == "Open the gate"


# --- an update -----------------------------------------------------------------------------------

PRESENT = {
    "action": {
        "number": "UA 1/26",
        "countries": ["PE"],
        "active_since": "2026-01-10",
        "deadline": "2026-02-01",
        "targets": [
            {"id": "other", "office": {"en": "Head of Doors"}},
            {
                "id": "minister",
                "office": {"en": "Minister of Gates"},
                "country": "PE",
                "holders": [{"name": "Ana", "handles": {"x": "ana"}}],
            },
        ],
        "notes": ["Ours."],
    },
    "en": {
        "title": "Open the ‘gate’",
        "lead": "Old.",
        "posts": [{"id": "mine", "template": "{{ target | mention }}, open the gate now!"}],
    },
    "de": {"title": "Tor auf"},
}


def updated(values, present=PRESENT):
    case = update(assemble([reading(values)], TODAY), present, TODAY)
    return complete(case, TODAY)


def test_an_update_replaces_what_the_documents_say_and_keeps_the_rest():
    title = {("en", "title"): "Open the 'gate'"}
    plain = updated(GATE | title).plain()
    assert plain["action"]["deadline"] == "2026-02-10"
    assert plain["action"]["notes"] == ["Ours."]
    assert plain["en"]["title"] == "Open the ‘gate’"
    assert plain["en"]["lead"] == "The gate is closed."
    assert plain["de"] == PRESENT["de"]


def test_a_new_holder_of_an_office_comes_last_and_takes_no_handle_over():
    targets = updated(GATE).plain()["action"]["targets"]
    assert [target["id"] for target in targets] == ["other", "minister"]
    assert targets[1]["country"] == "PE"
    assert targets[1]["holders"] == [
        {"name": "Ana", "handles": {"x": "ana"}},
        {"name": "Oscar Maúrtua"},
    ]


PAST = {"name": "Ana", "handles": {"x": "gates"}, "until": "2025-12-31"}
NOW = {"name": "Ben Torvane", "handles": {"x": "ben"}, "since": "2026-01-01"}


@pytest.mark.parametrize(
    ("holders", "named", "said"),
    [
        ([PAST, NOW], {"name": "Oscar Maúrtua", "handles": {"x": "gates"}}, "Oscar Maúrtua"),
        ([PAST, NOW], {"name": "Oscar Maúrtua", "handles": {"x": "Ben"}}, "Oscar Maúrtua"),
        ([PAST, NOW], {"name": "ANA"}, "ANA"),
        ([PAST, NOW], {"handles": {"x": "gates"}}, "Ana"),
        ([NOW], {"name": "Oscar Maúrtua", "handles": {"x": "ben"}}, "Oscar Maúrtua"),
    ],
)
def test_who_is_on_record_stays_where_a_document_names_another_holder(holders, named, said):
    """Nothing of the other one is taken, and a doubt says whom the document names and who stays."""
    facts = PRESENT["action"]
    targets = [facts["targets"][0], facts["targets"][1] | {"holders": holders}]
    at = ("action", "targets", 0, "holders", 0)
    values = {key: value for key, value in GATE.items() if key != (*at, "name")}
    for platform, handle in named.get("handles", {}).items():
        values[*at, "handles", platform] = handle
    if "name" in named:
        values[*at, "name"] = named["name"]
    case = updated(values, PRESENT | {"action": facts | {"targets": targets}})
    assert case.plain()["action"]["targets"][1]["holders"] == holders
    (doubt,) = case.doubts
    assert (doubt.document, doubt.line) == ("a.txt", 8)
    assert doubt.text == (
        f"target minister: the document names {said}, and Ben Torvane holds the office here, which "
        "stays so: `uasocial target` records a new holder"
    )


def test_who_holds_the_office_is_completed_by_a_document():
    facts = PRESENT["action"]
    targets = [facts["targets"][0], facts["targets"][1] | {"holders": [PAST, NOW]}]
    at = ("action", "targets", 0, "holders", 0)
    said = GATE | {(*at, "name"): "BEN TORVANE", (*at, "handles", "mastodon"): "ben@social.example"}
    case = updated(said, PRESENT | {"action": facts | {"targets": targets}})
    past, now = case.plain()["action"]["targets"][1]["holders"]
    assert past == PAST
    assert now["handles"] == {"x": "ben", "mastodon": "ben@social.example"}
    assert case.doubts == ()


def test_a_template_stays_where_a_document_has_its_words_and_others_are_added():
    posts = {
        ("en", "posts", 0, "text"): "@ana, open the gate now!",
        ("en", "posts", 0, "platforms"): ["x"],
        ("en", "posts", 1, "text"): "Another.",
    }
    assert updated(GATE | posts).plain()["en"]["posts"] == [
        *PRESENT["en"]["posts"],
        {"id": "post-2", "text": "Another."},
    ]


def test_a_refused_value_does_not_take_the_place_of_a_good_one():
    case = updated(GATE | {("action", "deadline"): "soon"})
    assert case.plain()["action"]["deadline"] == "2026-02-01"
    assert [doubt.line for doubt in case.doubts] == [4]


# --- choosing, and showing -----------------------------------------------------------------------

DOCUMENT = Document(name="a.txt", format="text", sha256="")


def match(layout, score, *lacking):
    return layout, Match(layout, score, lacking, lambda: None)


def test_the_best_layout_reads_and_a_tie_is_an_error_that_names_both():
    assert choose(DOCUMENT, [match("a", 0.6), match("b", 0.9)]).layout == "b"
    with pytest.raises(DocumentError, match=r"fits 'a' \(a\) and 'b' \(b\) equally"):
        choose(DOCUMENT, [match("a", 0.9), match("b", 0.9)])


@pytest.mark.parametrize(
    ("matches", "sentence"),
    [
        ([], "no layout knows such a document"),
        ([match("a", 0.2, "number", "deadline")], "there is no number, no deadline"),
        ([match("a", 0.4, "x"), match("b", 0.4, "y")], "there is no x"),
    ],
)
def test_a_document_that_fits_no_layout_is_told_what_it_lacks(matches, sentence):
    with pytest.raises(DocumentError) as told:
        choose(DOCUMENT, matches)
    assert str(told.value) == f"a.txt: is no urgent action: {sentence}"


def test_places_are_said_as_a_person_says_them():
    assert said_at(("action", "deadline")) == "deadline"
    assert said_at(("es", "letter", "paragraphs", 1)) == "es letter paragraph 2"
    assert said_at(("action", "targets", 0, "office", "en")) == "target 1 office en"


def shown() -> Reading:
    texts = ["Menu", "", "Letter", "One.", "Two.", LONG, "漢字漢字漢字漢字"]
    lines = tuple(Line(n, text) for n, text in enumerate(texts, 1))
    document = Document(name="a", format="text", sha256="", lines=lines)
    return Reading(
        document=document,
        layout="test",
        fields=(Field(("es", "letter", "paragraphs"), ["One.", "Two."], (4, 5)),),
        furniture=lines[:1],
        unplaced=lines[5:],
    )


def test_every_line_of_a_page_is_shown_with_where_it_went():
    assert labels(shown()) == {
        1: ["(page)"],
        3: ["(heading)"],
        4: ["es letter paragraph 1"],
        5: ["es letter paragraph 2"],
        6: ["?"],
        7: ["?"],
    }
    assert list(explain(shown(), 60)) == [
        "1  Menu                                 (page)",
        "2",
        "3  Letter                               (heading)",
        "4  One.                                 es letter paragraph",
        "                                        1",
        "5  Two.                                 es letter paragraph",
        "                                        2",
        "6  A text of several words that is      ?",
        "   longer than its column",
        "7  漢字漢字漢字漢字                     ?",
    ]


def test_a_line_is_broken_at_spaces_by_what_it_takes_on_a_terminal():
    assert wrap("one two three", 7) == ["one two", "three"]
    assert wrap("漢字漢字", 4) == ["漢字", "漢字"]
    assert wrap("a bcdefgh i", 3) == ["a", "bcd", "efg", "h i"]
    assert wrap("", 3) == [""]


def test_what_a_terminal_would_obey_is_shown_as_an_escape():
    assert legible("a\x1b[31m\u202e\tb\u200c\n") == "a\\x1b[31m\\u202e b\u200c\\n"


def test_doubts_and_unplaced_lines_keep_their_document():
    line = Line(9, "Left over")
    case = made(reading(GATE, unplaced=[line], doubts=[Doubt(2, "odd"), Doubt(0, "all odd")]))
    assert [str(remark) for remark in (*case.doubts, *case.unplaced)] == [
        "a.txt:2: odd",
        "a.txt: all odd",
        "a.txt:9: Left over",
    ]


parts = st.sampled_from(
    [
        "targets",
        "posts",
        "letter",
        "holders",
        "office",
        "en",
        "id",
        "text",
        "notes",
        "title",
        "name",
    ]
) | st.integers(0, 3)
values = st.one_of(
    st.sampled_from(["2026-02-10", "ana", "a\u202eb", "", "PE", [], ["x", ""], {}, True, 7]),
    st.lists(st.text(max_size=5), max_size=3),
)
fields = st.builds(
    lambda file, first, more, value, line: Field((file, first, *more), value, line),
    st.sampled_from(["action", "en", "es"]),
    st.sampled_from(["targets", "title", "lead", "deadline", "posts", "letter", "hashtags", "no"]),
    st.lists(parts, max_size=4),
    values,
    st.sampled_from([(), (1,), (2, 3)]),
)


@settings(deadline=None, max_examples=300, derandomize=True)
@given(st.lists(fields, max_size=12), st.lists(fields, max_size=12), st.booleans())
def test_whatever_layouts_give_makes_a_case_or_an_error_of_ours(one, other, onto):
    first, second = reading(GATE), reading(GATE, "b.txt")
    mine = Reading(document=first.document, layout="a", fields=(*first.fields, *one))
    theirs = Reading(document=second.document, layout="b", fields=tuple(other))
    case = assemble([mine, theirs] if onto else [theirs, mine], TODAY)
    try:
        case = complete(update(case, PRESENT, TODAY) if onto else case, TODAY)
    except UasocialError as error:
        assert "\n" not in str(error)  # noqa: PT017 - the line is what is tested
    else:
        for content in case.plain().values():
            writing.dump(content)
