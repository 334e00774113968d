"""What careless copies and odd documents must not do: drop a word, or give it to another."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from uasocial.reading import Document, Line, Reading
from uasocial.reading.choosing import choose
from uasocial.reading.contacts import read_contact
from uasocial.reading.formats import open_document
from uasocial.reading.layouts import Layouts
from uasocial.reading.sections import cut
from uasocial.reading.sheet import Sheet

PAGE = (Path(__file__).parent / "pages" / "swiss-plain.txt").read_text(encoding="utf-8")


def read(text: str) -> Reading:
    document = open_document(text.encode(), "page.txt")
    matches = Layouts().read_document(document)
    return choose(document, [("layouts", match) for match in matches]).read()


def values(reading: Reading) -> dict[str, Any]:
    return {".".join(map(str, field.at)): field.value for field in reading.fields}


def changed(*pairs: tuple[str, str]) -> str:
    text = PAGE
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def block(name: str) -> str:
    """Return what stands under a heading of the page, up to two empty lines."""
    return PAGE.partition(f"\n{name}\n\n")[2].partition("\n\n\n")[0]


PLAIN: Mapping[str, Any] = values(read(PAGE))
TARGET = block("Appeals to")
OTHER = """\
Amina Testa
Minister of Justice
9 Example Road
Nairobi 00200
Kenya
Twitter: @zz_other_example"""


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_second_target_is_one_with_or_without_a_line_between(between):
    found = values(read(changed((TARGET, f"{TARGET}{between}{OTHER}"))))
    first = {path: value for path, value in PLAIN.items() if path.startswith("action.targets.")}
    assert {path: found.get(path) for path in first} == first
    assert found["action.targets.1.holders.0.name"] == "Amina Testa"
    assert found["action.targets.1.holders.0.handles.x"] == "zz_other_example"
    assert found["action.targets.1.address"] == ["9 Example Road", "Nairobi 00200"]


def test_a_block_with_a_line_between_all_its_lines_is_one_target():
    assert values(read(changed((TARGET, TARGET.replace("\n", "\n\n"))))) == PLAIN


def test_a_heading_joined_with_its_letter_is_one_although_another_stands_alone():
    spanish = "Model letter in Spanish\n\nSeñora Ministra:\nLe pido que la proteja.\nAtentamente,\n"
    text = changed(
        ("Appeals to\n", f"{spanish}\n\nAppeals to\n"), ("Model letter\n\n", "Model letter ")
    )
    found = values(read(text))
    assert found["en.letter.salutation"] == PLAIN["en.letter.salutation"]
    assert found["en.letter.paragraphs"] == PLAIN["en.letter.paragraphs"]
    assert found["es.letter.salutation"] == "Señora Ministra:"


def test_the_name_of_a_language_in_a_heading_takes_no_word_of_the_letter():
    text = changed(("Model letter\n\n", "Model letter in English "))
    assert values(read(text))["en.letter.salutation"] == PLAIN["en.letter.salutation"]


def test_a_letter_below_another_is_in_its_own_language():
    spanish = (
        "Señora Ministra:\n\nLe escribo para pedirle que proteja a la guardiana del pozo y que se "
        "investiguen las amenazas sin más demora.\n\nAtentamente,"
    )
    closing = PLAIN["en.letter.closing"]
    found = values(read(changed((closing, f"{closing}\n\n{spanish}"))))
    assert found["en.letter.paragraphs"] == PLAIN["en.letter.paragraphs"]
    assert found["en.letter.closing"] == closing
    assert found["es.letter.salutation"] == "Señora Ministra:"


def test_what_is_joined_to_the_index_is_not_lost():
    index = f"AI-Index: {PLAIN['action.index']}\n\n"
    assert values(read(changed((index, f"{index.strip()} ")))) == PLAIN


def test_joined_items_are_read_one_by_one():
    assert values(read(changed(("\n\n  • Preferred", " Preferred")))) == PLAIN


def test_a_note_on_delivery_swallows_no_post():
    reading = read(changed(("Social media guide\n", "")))
    assert values(reading)["action.delivery.0.text.en"] == PLAIN["action.delivery.0.text.en"]
    assert PLAIN["en.posts.0.text"] in [line.text for line in reading.unplaced]


@pytest.mark.parametrize("handles", ["@one and @two", "@one, @two", "@one Copies to"])
def test_handles_of_an_address_begin_no_posts(handles):
    lines = (Line(1, "Appeals to"), Line(2, "Ana Prueba"), Line(3, f"Twitter: {handles}"))
    sheet = Sheet(Document(name="-", format="text", sha256="0" * 64, lines=lines))
    assert [section.kind for section in cut(sheet, ("appeals_to", "social"))] == ["", "appeals_to"]


def test_what_is_left_of_a_line_of_an_address_is_told():
    reading = read(changed(("@zz_minister_example\n", "@zz_minister_example Room 9\n")))
    assert any("Room 9" in doubt.message for doubt in reading.doubts)
    assert any("Room 9" in left.text for left in read_contact([Line(1, "X: @a Room 9")]).other)


@pytest.mark.parametrize(
    ("said", "languages", "own"),
    [
        ("English. You cannot, and may not, write in your own language.", ["en"], None),
        ("Spanish or your own language.", ["es"], True),
        ("Spanish. You can\u00a0also write in your\u00a0own\u00a0language.", ["es"], True),
    ],
)
def test_one_s_own_language_is_allowed_only_where_the_page_says_so(said, languages, own):
    old = "English. You can also write in your own language."
    found = values(read(changed((old, said))))
    assert found["action.preferred_languages"] == languages
    assert found.get("action.own_language") is own


def test_many_targets_take_time_in_proportion():
    """Each place is counted once: forty thousand lines are looked at, and not all for each."""
    sheet = Sheet(Document(name="-", format="text", sha256="0" * 64))
    for number in range(20_000):
        assert sheet.count("action", "targets") == number
        sheet.put(("action", "targets", number, "country"), "PE")


def test_as_soon_as_possible_in_spanish_is_not_before():
    """`Lo antes posible` says when to begin; `hasta` counts the day itself."""
    page = PAGE.replace("Please take action before", "Actúen lo antes posible hasta el")
    assert page != PAGE
    assert values(read(page))["action.deadline_inclusive"] is True


@pytest.mark.parametrize(
    ("said", "people"),
    [
        ("Ana Prueba (she/her), Luis Bar (he/him) and Eva Foo (she)", ["she/her", "he/him", "she"]),
        ("Ana Prueba, she/her", ["she/her"]),
        ("Ana Prueba (she/her)\nLuis Bar (he/him)", ["she/her", "he/him"]),
        ("Ana (Anita) Prueba (she/her), a teacher", [None]),
    ],
)
def test_each_person_has_their_own_pronoun(said, people):
    from uasocial.reading.by_label import Page, put_sections

    lines = f"Name and pronoun: {said}".splitlines()
    document = open_document("\n".join(lines).encode(), "page.txt")
    sheet = Sheet(document)
    put_sections(sheet, cut(sheet, ("pronoun",)), Page("en"))
    assert sheet.count("action", "people") == len(people)
    found = [sheet.get("action", "people", n, "pronoun") for n in range(len(people))]
    assert found == people


def test_a_record_escapes_what_a_terminal_would_obey():
    import json

    from uasocial.reading.record import as_json

    text = "a\x1b[31m \x9b31m \u202eb\x7f"
    said = as_json({"text": text}, indent=2)
    assert not {"\x1b", "\x9b", "\u202e", "\x7f"} & set(said)
    assert json.loads(said) == {"text": text}


def test_a_record_that_is_a_link_is_not_followed(tmp_path):
    from uasocial.errors import UasocialError
    from uasocial.reading import record

    (tmp_path / "other.json").write_text(
        '{"schema": 1, "documents": [], "fields": [], "unplaced": [], "doubts": [],'
        ' "disagreements": []}',
        encoding="utf-8",
    )
    assert record.read(tmp_path / "other.json")
    (tmp_path / record.FILE).symlink_to(tmp_path / "other.json")
    with pytest.raises(UasocialError, match="is no record"):
        record.read(tmp_path / record.FILE)


def test_words_of_a_deadline_that_name_another_day_are_told():
    from datetime import date

    from uasocial.reading.assembling import assemble, complete, update

    today = date(2024, 3, 10)
    case = assemble([read(PAGE)], today)
    words = {"action": {"deadline_words": {"fr": "Agissez avant le 9 janvier 2025"}}}
    doubts = complete(update(case, words, today), today).doubts
    assert any("9 janvier 2025" in doubt.text for doubt in doubts)
    assert not any("deadline words en" in doubt.text for doubt in doubts)
