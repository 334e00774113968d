"""A letter is its salutation, its paragraphs and its closing, however it was copied."""

import pytest

from uasocial.reading import Document, Line
from uasocial.reading.letter import greets, put_letter
from uasocial.reading.sheet import Sheet

BODY = "I am writing because the ferryman of Belmara has been in prison since May."
END = "Please release him at once."


def read(*texts: str) -> tuple[Sheet, bool]:
    lines = tuple(Line(number, text) for number, text in enumerate(texts, 1))
    sheet = Sheet(Document(name="-", format="text", sha256="0" * 64, lines=lines))
    return sheet, put_letter(sheet, "en", sheet.lines)


@pytest.mark.parametrize(
    ("salutation", "closing"),
    [
        ("Dear Minister,", "Yours sincerely,"),
        ("Señor Ministro:", "Atentamente,"),
        ("Monsieur le Ministre,", "Veuillez agréer, Monsieur le Ministre, mes salutations."),
        ("Sehr geehrte Frau Ministerin,", "Mit freundlichen Grüssen"),
        ("معالي الوزيرة،", "وتفضلوا بقبول فائق الاحترام"),
    ],
)
def test_greetings_and_closings_of_the_languages_are_known(salutation, closing):
    sheet, placed = read(salutation, "", BODY, "", END, "", closing)
    assert placed
    assert sheet.get("en", "letter", "salutation") == salutation
    assert sheet.get("en", "letter", "paragraphs") == [BODY, END]
    assert sheet.get("en", "letter", "closing") == closing


def test_a_greeting_joined_with_the_first_sentence_is_parted():
    sheet, placed = read(f"Dear Minister Ana Example: {BODY}", END)
    assert placed
    assert sheet.get("en", "letter", "salutation") == "Dear Minister Ana Example:"
    assert sheet.get("en", "letter", "paragraphs") == [BODY, END]


def test_a_closing_joined_with_the_last_sentence_is_parted():
    sheet, _ = read("Dear Minister,", f"{BODY} {END} Yours sincerely,")
    assert sheet.get("en", "letter", "paragraphs") == [f"{BODY} {END}"]
    assert sheet.get("en", "letter", "closing") == "Yours sincerely,"


def test_a_letter_may_lack_its_closing():
    sheet, placed = read("Dear Minister,", BODY, END)
    assert placed
    assert not sheet.has("en", "letter", "closing")


def test_without_a_salutation_nothing_is_placed():
    sheet, placed = read(BODY, END)
    assert not placed
    assert [line.text for line in sheet.reading("x").unplaced] == [BODY, END]


def test_a_line_to_sign_on_is_left_over():
    sheet, _ = read("Dear Minister,", BODY, "Yours sincerely,", "[Name]")
    assert [line.text for line in sheet.reading("x").unplaced] == ["[Name]"]


@pytest.mark.parametrize("text", ["Ana Example", "Minister of Gates", "1 Gate Street, Belmara"])
def test_a_line_of_an_address_begins_no_letter(text):
    assert not greets(text)
