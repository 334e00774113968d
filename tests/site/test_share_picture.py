"""The picture of a page: what stands where, in which direction, and what it never shows."""

import io
import time
import unicodedata
import zlib
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from uasocial.errors import UasocialError
from uasocial.site.contents import Site
from uasocial.site.picture.breaking import Breaking
from uasocial.site.picture.cleaning import cleaned
from uasocial.site.picture.directions import visual_order
from uasocial.site.picture.painting import (
    HEIGHT,
    WIDTH,
    Painter,
    PictureWords,
    alt_text,
    share_picture,
)
from uasocial.site.picture.setting import FOLDER, SMALL, TITLE, Face, Faces, Placed, drawn
from uasocial.site.picture.sheet import PAPER
from uasocial.testing.fixtures import lacking

ACCENT = "#b3261e"
SPANISH = PictureWords(
    "es",
    "La niñez refugiada necesita protección y documentos",
    "Acción urgente · Perú",
    "UA 119/21 · Escribe hasta el 2 de enero de 2022",
    "Una organización",
)
ARABIC = PictureWords(
    "ar",
    "الأطفال اللاجئون في بيرو بحاجة إلى الحماية والوثائق",
    "تحرك عاجل · بيرو",
    "UA 119/21 · اكتبوا حتى ٢ يناير ٢٠٢٢",
    "منظمة",
)
GERMAN = PictureWords(
    "de",
    "Menschenrechtsverteidigerinnen wegen Rechtsschutzversicherungsgesellschaftsgründung verhaftet",
    "Urgent Action · Peru",
    "UA 119/21 · Schreiben Sie bis zum 2. Januar 2022",
    "Eine Organisation mit langem Namen",
)
AMHARIC = PictureWords(
    "am", "ስደተኛ ልጆች ሰነዶች ያስፈልጋቸዋል", "አስቸኳይ · ፔሩ", "UA 119/21 · እስከ 2 ጃንዩወሪ 2022", "Ours"
)
HOSTILE = [
    "x" * 1000,
    "ا" * 1000,
    "W" * 45 + " i",
    "a-" * 500,
    "a\u200b" * 500,
    "a\u00a0b" * 300,
    "aba" * 333,
    "(" * 500 + ")" * 500,
    "\u2067" * 500 + "א",
    "\ufdfa" * 1000,
    "a\u0301\u0302\u0303\u0304" * 200,
    "Z" + "\u0301\u0323\u0489\u20dd" * 200,
    "The authorities must let her go at once. " * 24,
    "على السلطات أن تنهي الاحتجاز التعسفي " * 26,
    "אב12ab " * 140,
]
# The room between the bar and the margin, in a language from left to right and the other way.
ROOM = {"es": (100, 1124), "ar": (76, 1100)}


@pytest.fixture(scope="module")
def painter():
    return Painter(ACCENT)


@pytest.fixture(scope="module")
def title():
    return Faces(TITLE)


def pixels(png):
    picture = Image.open(io.BytesIO(png))
    picture.load()
    return picture.convert("RGB")


def ink(picture, box=(0, 0, WIDTH, HEIGHT)):
    """Return where anything but paper stands within a box."""
    part = picture.crop(box).convert("L")
    ground = Image.new("RGB", (1, 1), PAPER).convert("L").getpixel((0, 0))
    found = part.point(lambda value: 255 if value != ground else 0).getbbox()
    return found and (
        found[0] + box[0],
        found[1] + box[1],
        found[2] + box[0],
        found[3] + box[1],
    )


def without_bar(picture, language):
    return ink(picture, (24, 0, WIDTH, HEIGHT) if language != "ar" else (0, 0, WIDTH - 24, HEIGHT))


def logo(colour, ground=(0, 0, 0, 0), form="PNG"):
    image = Image.new("RGBA", (600, 200), ground)
    ImageDraw.Draw(image).ellipse((10, 10, 590, 190), fill=colour)
    file = io.BytesIO()
    (image.convert("RGB") if form == "JPEG" else image).save(file, form)
    return file.getvalue()


# What comes out


@pytest.mark.parametrize("words", [SPANISH, ARABIC, GERMAN, AMHARIC])
def test_a_picture_is_a_small_png_of_the_size_that_networks_ask_for(painter, words):
    png = painter.paint(words)
    assert png.startswith(b"\x89PNG\r\n")
    assert pixels(png).size == (1200, 630)
    assert len(png) < 40_000


def test_the_same_words_give_the_same_bytes(painter):
    png = painter.paint(SPANISH)
    assert png == painter.paint(SPANISH) == share_picture(SPANISH, ACCENT)
    assert png != painter.paint(GERMAN)


def test_threads_may_use_one_painter_together(painter):
    words = [SPANISH, ARABIC, GERMAN, AMHARIC] * 3
    alone = [painter.paint(each) for each in words]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(painter.paint, words)) == alone


def test_a_picture_takes_a_moment(painter):
    painter.paint(SPANISH)
    started = time.process_time()
    for _ in range(5):
        painter.paint(SPANISH)
    # Some 30 ms; the rest is for a slow machine.
    assert (time.process_time() - started) / 5 < 0.3


# Where it stands


@pytest.mark.parametrize("language", ["es", "ar"])
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_the_words_nothing_stands_in_the_margins(painter, text, language):
    picture = pixels(painter.paint(PictureWords(language, text, text, text, text)))
    left, top, right, bottom = without_bar(picture, language)
    assert ROOM[language][0] <= left
    assert right <= ROOM[language][1]
    assert top >= 56
    assert bottom <= 590


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=200), st.sampled_from(["es", "ar"]))
def test_any_text_gives_a_picture_that_keeps_to_its_margins(painter, text, language):
    png = painter.paint(PictureWords(language, text, text[::-1], text[:50], text[:20]))
    left, _, right, _ = without_bar(pixels(png), language)
    assert ROOM[language][0] <= left < right <= ROOM[language][1]


def test_the_bar_stands_where_reading_begins(painter):
    for words, inside, outside in ((SPANISH, 5, 1195), (ARABIC, 1195, 5)):
        picture = pixels(painter.paint(words))
        for height in (0, 300, 629):
            assert picture.getpixel((inside, height)) == (0xB3, 0x26, 0x1E)
            assert picture.getpixel((outside, height)) == PAPER


@pytest.mark.parametrize("rows", [(140, 500), (520, 600)], ids=["title", "foot"])
def test_lines_begin_left_in_spanish_and_right_in_arabic(painter, rows):
    spanish, arabic = (pixels(painter.paint(words)) for words in (SPANISH, ARABIC))
    left, _, right, _ = ink(spanish, (30, rows[0], WIDTH, rows[1]))
    assert left in {100, 101}
    assert right < 1100
    left, _, right, _ = ink(arabic, (0, rows[0], 1170, rows[1]))
    assert right in {1099, 1100}
    assert left > 100


def test_the_name_of_the_site_stands_at_the_end_of_the_first_line(painter):
    for words, far in ((SPANISH, 1124), (ARABIC, 76)):
        picture = pixels(painter.paint(words))
        empty = pixels(painter.paint(words._replace(site="")))
        near = (24, 60, WIDTH - 24, 130)
        assert far in {ink(picture, near)[0], ink(picture, near)[2]}
        assert far not in {ink(empty, near)[0], ink(empty, near)[2]}


# How lines are broken


def lines(title, text, size, most=9, language="en"):
    breaking = Breaking(text, lambda part: title.measure(part, language, rtl=False))
    return breaking.lines_cut(1024 / size, most).lines


def test_lines_are_of_like_length_and_no_word_is_left_alone(title):
    assert lines(title, SPANISH.title, 88) == [
        "La niñez refugiada",
        "necesita protección",
        "y documentos",
    ]
    broken = lines(title, "Free the teacher who asked for water and a school in the hills", 72)
    widths = [title.line(line, "en", rtl=False).width for line in broken]
    assert min(widths) > max(widths) * 0.6


def test_no_line_before_the_last_ends_with_a_little_word_where_that_can_be_helped(title):
    assert lines(title, "Les enfants réfugiés ont besoin de protection et de papiers", 80) == [
        "Les enfants réfugiés",
        "ont besoin de protection",
        "et de papiers",
    ]


def test_a_word_longer_than_a_line_is_broken_before_a_syllable_with_a_hyphen(title):
    broken = lines(title, GERMAN.title, 60, language="de")
    assert "".join(broken).replace("-", "").replace(" ", "") == GERMAN.title.replace(" ", "")
    assert [line for line in broken if line.endswith("-")]
    assert [line for line in broken[1:] if line[0].casefold() in "aeiouäöü"] == []


def test_a_long_title_ends_with_an_ellipsis_after_a_word(title):
    text = "The authorities must let her go. " * 30
    broken = lines(title, text.strip(), 44, most=6)
    assert len(broken) == 6
    assert broken[-1].endswith("…")
    assert text.startswith(" ".join(broken).removesuffix("…"))
    assert text.removeprefix(" ".join(broken).removesuffix("…"))[0] in " ."


def test_a_line_breaks_at_a_soft_hyphen_and_after_a_slash_never_in_a_number(title):
    assert lines(title, "Menschen\u00adrechte", 150) == ["Menschen-", "rechte"]
    assert lines(title, "Menschen\u00adrechte", 60) == ["Menschenrechte"]
    assert lines(title, "Lehrerinnen/Lehrer", 130) == ["Lehrerinnen/", "Lehrer"]
    assert lines(title, "No 119/21", 280) == ["No", "119/21"]


def test_words_that_a_hard_space_joins_stay_together(title):
    assert lines(title, "urgent 10\u00a0days", 180) == ["urgent", "10\u00a0days"]


def test_a_title_cut_short_is_drawn_as_the_words_that_are_left(painter):
    long = SPANISH._replace(title="Una frase larga que se repite " * 33)
    assert painter.paint(long) != painter.paint(SPANISH)
    assert painter.paint(long) == painter.paint(long._replace(title=long.title[:800]))


# Scripts and directions


def glyphs(faces, text, language, *, rtl):
    return [glyph.number for glyph in faces.line(text, language, rtl=rtl).glyphs]


def test_arabic_letters_are_joined(title):
    word = "بيت"
    joined = set(glyphs(title, word, "ar", rtl=True))
    isolated = {glyphs(title, letter, "ar", rtl=True)[0] for letter in word}
    assert joined.isdisjoint(isolated)
    # Letters that touch leave no column of paper between them.
    line = title.line(word, "ar", rtl=True)
    mask = drawn([Placed(line, 10, 150, 100)], 400, 300)
    dark = mask.resize((400, 1), Image.Resampling.BOX).point(lambda value: 255 * (value > 0))
    left, _, right, _ = dark.getbbox()
    assert dark.crop((left, 0, right, 1)).getextrema() == (255, 255)


def test_lam_and_alef_take_the_forms_that_only_they_have_together(title):
    together = set(glyphs(title, "لا", "ar", rtl=True))
    others = {*glyphs(title, "لب", "ar", rtl=True), *glyphs(title, "با", "ar", rtl=True)}
    assert together.isdisjoint(others)


def test_arabic_runs_from_right_to_left_and_numbers_in_it_from_left_to_right(title):
    def alone(text):
        return glyphs(title, text, "ar", rtl=True)

    assert alone("اد") == alone("د") + alone("ا")
    assert alone("د12") == alone("1") + alone("2") + alone("د")
    assert alone("د(") == glyphs(title, ")", "ar", rtl=False) + alone("د")


def test_a_word_in_another_script_is_drawn_in_its_own_font(title):
    line = title.line("Ana عمر", "en", rtl=False)
    assert len({id(glyph.face) for glyph in line.glyphs}) == 2


@pytest.mark.parametrize(
    ("text", "rtl", "order"),
    [
        ("abc", False, "abc"),
        ("אבג", False, "גבא"),
        ("ab אב 12 cd", False, "ab 12 בא cd"),
        ("אב ab 12", True, "ab 12 בא"),
        ("د12", True, "12د"),
        ("a (אב) b", False, "a (בא) b"),
    ],
)
def test_letters_stand_in_the_order_of_the_unicode_algorithm(text, rtl, order):
    found = ""
    for start, end, turned in visual_order(text, rtl=rtl):
        found += text[start:end][:: -1 if turned else 1]
    assert found == order


@settings(deadline=None, max_examples=300)
@given(st.text(st.sampled_from("abאبعت12١٢ +-/,.:%$()[]!«·\u0301"), max_size=16), st.booleans())
def test_no_letter_is_lost_on_the_way(text, rtl):
    places = [n for start, end, _ in visual_order(text, rtl=rtl) for n in range(start, end)]
    assert sorted(places) == list(range(len(text)))


def test_isolates_without_end_are_no_way_to_exhaust_the_stack():
    order = visual_order("\u2067\u2066" * 2000 + "א", rtl=False)
    assert sum(stretch.end - stretch.start for stretch in order) == 4001


# What is never shown


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=60), st.sampled_from([TITLE, SMALL]), st.booleans())
def test_no_glyph_is_ever_the_box_for_what_a_font_lacks(text, choices, rtl):
    faces = Faces(choices)
    shown = faces.drawable(cleaned(text))
    assert 0 not in glyphs(faces, shown or "", "ar" if rtl else "en", rtl=rtl)


@pytest.mark.parametrize("text", ["ስደተኛ", "难民儿童", "កុមារ", "ผู้ลี้ภัย", "Free 难民", "\U000323af"])
def test_a_text_that_lacks_a_letter_is_not_shown_in_part(title, text):
    assert title.drawable(text) is None


def test_a_title_that_cannot_be_drawn_leaves_the_number_large(painter):
    number = PictureWords("am", "UA 119/21", "", "", "Ours")
    assert painter.paint(AMHARIC) == painter.paint(number)


def test_the_head_stands_for_a_title_that_cannot_be_drawn(painter):
    words = AMHARIC._replace(head="Urgent action · ፔሩ", foot="UA 119/21")
    large = PictureWords("am", "Urgent action", "", "UA 119/21", "Ours")
    assert painter.paint(words) == painter.paint(large)


def test_where_nothing_can_be_drawn_the_picture_is_calm_and_empty(painter):
    nothing = painter.paint(PictureWords("zh", "难民", "难民", "难民", "难民"))
    assert nothing == painter.paint(PictureWords("zh", "", "", "", ""))
    assert len(pixels(nothing).getcolors()) == 3


@pytest.mark.parametrize(
    ("odd", "plain"),
    [
        ("Free 🙏🏽 Ana 👩‍👩‍👧 now 🇵🇪", "Free Ana now"),
        ("Day 1️⃣", "Day 1"),
        ("𝐅𝐫𝐞𝐞 Ａｎａ", "Free Ana"),
        ("Free\r\n\tAna\x00\x1b[0m", "Free Ana[0m"),
        ("\u202eFree\u202c Ana\ufeff", "Free Ana"),
        ("Free\u3000\u2003Ana \ue000\ud800", "Free Ana"),
        ("e\u0301" + "\u0301" * 50, "é" + "\u0301" * 3),
    ],
)
def test_what_says_nothing_is_left_out_and_the_words_stay(title, painter, odd, plain):
    assert title.drawable(cleaned(odd)) == plain
    assert painter.paint(SPANISH._replace(title=odd)) == painter.paint(
        SPANISH._replace(title=plain)
    )


def test_what_joins_and_parts_persian_letters_stays(title):
    assert cleaned("می\u200cخواهند") == "می\u200cخواهند"
    assert glyphs(title, "می\u200cخ", "fa", rtl=True) != glyphs(title, "میخ", "fa", rtl=True)


@pytest.mark.parametrize(
    "text",
    [
        "La niñez ¿quién? ¡Ya! Ação, œuvre, Straße, Łódź, İstanbul, þjóð",
        "Việt Nam: trả tự do ngay lập tức ₫",
        "Ελευθερία τώρα; Освободите їхню қала ћирилица",
        "“Quote” ‘q’ «x» ‹y› – — … · € £ № ° % 10 000",
    ],
)
@pytest.mark.parametrize("choices", [TITLE, SMALL])
def test_the_fonts_have_the_letters_of_the_languages_they_are_for(text, choices):
    assert Faces(choices).drawable(text) == text


@pytest.mark.parametrize(
    "text", ["پناهندگان ۱۲۳", "اُردو ٹھیک ہے", "ئازادی ڕۆژ", "شَدَّة؟ ،؛ ٪", "שלום ״א״ ־"]
)
@pytest.mark.parametrize("choices", [TITLE, SMALL])
def test_the_fonts_have_the_letters_of_arabic_persian_urdu_kurdish_and_hebrew(text, choices):
    assert Faces(choices).drawable(text) == text


@pytest.mark.parametrize(("name", "scale"), {*TITLE, *SMALL})
def test_each_font_is_small_and_comes_with_its_licence(name, scale):
    assert (FOLDER / name).stat().st_size < 160_000
    for told in ("OFL.txt", "README.md"):
        assert name in (FOLDER / told).read_text(encoding="utf-8")
    assert len(Face.of(FOLDER / name, scale).known) > 80


# Fonts of a section

NOTO = Path("/usr/share/fonts/truetype/noto")
LETTERS = sorted(set(AMHARIC.title) - {" "})
HINDI = PictureWords("hi", "शिक्षक को रिहा करो", "UA 119/21", "2 जनवरी 2022", "Ours")


def boxes(path, letters, *, bold=False):
    """Write a font in which each of *letters* is a box, a bold one higher."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen, height = TTGlyphPen(None), 900 if bold else 500
    pen.moveTo((50, 0))
    for corner in ((50, height), (550, height), (550, 0)):
        pen.lineTo(corner)
    pen.closePath()
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder([".notdef", "box"])
    font.setupCharacterMap({ord(letter): "box" for letter in letters})
    font.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "box": pen.glyph()})
    font.setupHorizontalMetrics({".notdef": (600, 0), "box": (600, 50)})
    font.setupHorizontalHeader(ascent=900, descent=-100)
    font.setupOS2()
    font.setupPost()
    font.save(path)
    return path


def test_letters_that_our_fonts_lack_are_drawn_with_those_of_a_section(tmp_path, title):
    own = boxes(tmp_path / "Own.ttf", LETTERS)
    faces = Faces(TITLE, [own])
    assert title.drawable("ስደተኛ") is None
    assert faces.drawable("ስደተኛ Ana") == "ስደተኛ Ana"
    of_whom = [glyph.face is faces.line("ስ", "am", rtl=False).glyphs[0].face
               for glyph in faces.line("ስደ Ana", "am", rtl=False).glyphs]  # fmt: skip
    assert of_whom == [True, True, False, False, False, False]
    assert Painter(ACCENT, fonts=[own]).paint(AMHARIC) != Painter(ACCENT).paint(AMHARIC)


def test_a_font_of_a_section_goes_before_ours(tmp_path, title):
    faces = Faces(TITLE, [boxes(tmp_path / "Own.ttf", "A")])
    assert faces.measure("AAAA", "en", rtl=False) == pytest.approx(2.4)
    assert faces.measure("B", "en", rtl=False) == title.measure("B", "en", rtl=False)


def test_a_bold_one_is_for_titles_and_the_others_are_for_small_lines(tmp_path):
    fonts = [
        boxes(tmp_path / "Own-Regular.ttf", "A"),
        boxes(tmp_path / "Own-SemiBold.ttf", "A", bold=True),
    ]
    for own in (fonts, fonts[::-1]):
        heights = []
        for bold in (True, False):
            line = Faces(TITLE, own, bold=bold).line("A", "en", rtl=False)
            mask = drawn([Placed(line, 10, 150, 100)], 400, 300)
            heights.append(mask.getbbox()[3] - mask.getbbox()[1])
        assert heights == [90, 50]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda _: b"", "is no font: give a TrueType or OpenType file"),
        (lambda data: b"wOF2" + data[4:], "is no font"),
        (lambda data: data[:30], "is no font"),
        (lambda data: data[:-200], "is cut off: copy it once more"),
        (lambda data: data.replace(b"glyf", b"glyx"), "has no letters that can be drawn"),
        (lambda data: data.replace(b"cmap", b"cmax"), "has no letters that can be drawn"),
    ],
    ids=range(6),
)
def test_a_font_that_is_none_is_told_with_its_file(tmp_path, spoil, said):
    path = boxes(tmp_path / "Own.ttf", "A")
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(UasocialError, match=rf"Own\.ttf: {said}") as raised:
        Painter(ACCENT, fonts=[path])
    assert "\n" not in str(raised.value)


@pytest.fixture
def devanagari():
    path = NOTO / "NotoSerifDevanagari-Bold.ttf"
    if not path.is_file():
        lacking("NotoSerifDevanagari: install fonts-noto-core")
    return path


def test_the_letters_of_hindi_are_shaped(devanagari):
    faces = Faces(TITLE, [devanagari])
    # क, virama and ष are one glyph together; the sign of ि stands before its letter.
    assert len(glyphs(faces, "क्ष", "hi", rtl=False)) == 1
    sign, letter = glyphs(faces, "शि", "hi", rtl=False)
    assert glyphs(faces, "श", "hi", rtl=False) == [letter] != [sign]


def test_the_title_of_a_page_in_hindi_is_drawn(devanagari):
    painter = Painter(ACCENT, fonts=[devanagari])
    assert painter.paint(HINDI) != Painter(ACCENT).paint(HINDI)


@pytest.mark.parametrize(("letter", "leading"), [("a", 1.14), ("ስ", 1.4)])
def test_lines_of_letters_with_signs_above_and_below_are_farther_apart(tmp_path, letter, leading):
    painter = Painter(ACCENT, fonts=[boxes(tmp_path / "Own.ttf", letter)])
    words = PictureWords("am", " ".join([letter * 8] * 9), "", "", "")
    picture = pixels(painter.paint(words)).crop((100, 140, 1124, 490))
    rows = [picture.crop((0, row, 1024, row + 1)).getcolors() for row in range(350)]
    inked = [rows[row] != [(1024, PAPER)] for row in range(350)]
    starts = [row for row, (before, now) in enumerate(pairwise([False, *inked])) if now > before]
    height = inked[starts[0] :].index(False)
    # A box is half as high as its letter is large.
    assert (starts[1] - starts[0]) / height == pytest.approx(2 * leading, rel=0.05)


def test_a_section_lays_its_fonts_into_its_folder(cases):
    cases.write()
    (cases.root / "site" / "fonts").mkdir(parents=True)
    before = Site(cases.kit()).painter.paint(AMHARIC)
    boxes(cases.root / "site" / "fonts" / "Own.TTF", LETTERS)
    (cases.root / "site" / "fonts" / "OFL.txt").write_text("Free.", encoding="utf-8")
    assert Site(cases.kit()).painter.paint(AMHARIC) != before


# Accent and logo


@pytest.mark.parametrize("accent", ["#ffff00", "#ffffff", "#000000", "#8ec5ff"])
def test_the_small_line_in_the_accent_can_be_read_whatever_the_accent(accent):
    picture = pixels(Painter(accent).paint(SPANISH)).crop((90, 60, 460, 130))
    darkest = min((colour for _, colour in picture.getcolors()), key=sum)
    high, low = (luminance(colour) + 0.05 for colour in (PAPER, darkest))
    assert high / low >= 4.5


def luminance(colour):
    linear = [
        value / 255 / 12.92 if value / 255 <= 0.04045 else ((value / 255 + 0.055) / 1.055) ** 2.4
        for value in colour
    ]
    return sum(part * share for part, share in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


@pytest.mark.parametrize("accent", ["red", "#fff", "#12345g", "", "#١٢٣٤٥٦", "#b3261e\n"])
def test_an_accent_that_is_no_colour_is_refused(accent):
    with pytest.raises(ValueError, match="no colour: write it as #rrggbb"):
        Painter(accent)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "JPEG"])
def test_a_logo_stands_at_the_end_of_the_last_line(form):
    png = Painter(ACCENT, logo((0, 0, 200), "white", form)).paint(SPANISH)
    assert ink(pixels(png), (900, 515, WIDTH, HEIGHT))[2] == pytest.approx(1121, abs=4)
    png = Painter(ACCENT, logo((0, 0, 200), "white", form)).paint(ARABIC)
    assert ink(pixels(png), (0, 515, 300, HEIGHT))[0] == pytest.approx(79, abs=4)
    assert len(png) < 40_000


def test_a_white_logo_on_nothing_is_seen():
    png = Painter(ACCENT, logo("white")).paint(SPANISH)
    picture = pixels(png).crop((1000, 515, WIDTH, HEIGHT))
    assert max(picture.getcolors(10_000))[1] == PAPER
    assert min(sum(colour) for _, colour in picture.getcolors(10_000)) < 400


def test_the_white_ground_of_a_logo_becomes_paper():
    painter = Painter(ACCENT, logo((0, 0, 200), "white", "PNG"))
    assert pixels(painter.paint(SPANISH)).getpixel((1122, 530)) == PAPER


def test_an_empty_logo_is_no_fault():
    assert pixels(Painter(ACCENT, logo((0, 0, 0, 0))).paint(SPANISH)).size == (WIDTH, HEIGHT)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "JPEG"])
def test_a_logo_that_is_cut_off_is_refused(form):
    with pytest.raises(ValueError, match="cannot be read as PNG, JPEG or WebP"):
        Painter(ACCENT, logo((0, 0, 200), form=form)[:200])


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"GIF89a" + b"\0" * 40, b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_refused_as_a_logo(data):
    with pytest.raises(ValueError, match="cannot be read as PNG, JPEG or WebP"):
        Painter(ACCENT, data)


@pytest.mark.parametrize("side", [8_000, 30_000])
def test_a_logo_of_too_many_pixels_is_refused_before_it_is_unpacked(side):
    header = Image.new("1", (1, 1))
    file = io.BytesIO()
    header.save(file, "PNG")
    huge = bytearray(file.getvalue())
    huge[16:24] = side.to_bytes(4, "big") * 2
    huge[29:33] = zlib.crc32(huge[12:29]).to_bytes(4, "big")
    with pytest.raises(ValueError, match="pixels"):
        Painter(ACCENT, bytes(huge))


# In words


def test_the_text_for_a_picture_says_what_stands_in_it():
    assert alt_text(SPANISH) == (
        "Acción urgente · Perú. La niñez refugiada necesita protección y documentos. "
        "UA 119/21 · Escribe hasta el 2 de enero de 2022. Una organización."
    )


def test_a_sentence_that_has_an_end_gets_no_other_and_others_end_as_their_language_does():
    assert alt_text(PictureWords("en", "Free her!", "", "By 2 p.m.", "")) == "Free her! By 2 p.m."
    assert alt_text(PictureWords("zh-Hant", "难民", "", "号", "")) == "难民。 号。"


@pytest.mark.parametrize("title", ["word " * 200, "x" * 1000, "سلام " * 200])
def test_the_text_for_a_picture_is_no_longer_than_x_takes(title):
    said = alt_text(SPANISH._replace(title=title))
    assert len(said) <= 420
    assert "…" in said
    assert said.endswith("Una organización.")


def test_the_text_for_a_picture_is_one_line_without_what_is_not_seen():
    said = alt_text(PictureWords("en", "Free\n\x00her \u202enow", "a\tb", "", ""))
    assert said == "a b. Free her now."
    assert not any(unicodedata.category(char).startswith("C") for char in said)
