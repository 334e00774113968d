"""Pages and documents in the layouts that urgent actions have, each with what must come out.

A case is a pair of files in `pages/`: the page, and beside it a `.yaml` of the same name.

- `layout`, or `refused`: words of the one-line error instead of all that follows.
- `fields`: where a value belongs, as a dotted path, and the value; `absent`: what must not be read.
- `lines`: the numbers of the lines that a value was read from.
- `doubts`: words each of which some doubt must hold; `unplaced`: all that is left over.
- `disguises`: ways in which the page reaches us otherwise and must read the same.
- `encoding`: that of the page as it is given; `also`: formats to build the same source in.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple
from unicodedata import normalize

import pytest
import yaml

from uasocial.errors import DocumentError
from uasocial.languages.reading import countries_in
from uasocial.reading import Document, Field, Reading
from uasocial.reading.choosing import choose
from uasocial.reading.formats import open_document
from uasocial.reading.labels import labels_of
from uasocial.reading.layouts import Layouts

BESIDE = Path(__file__).parent
PAGES = BESIDE / "pages"
SHARED = BESIDE.parent.parent.parent / "shared" / "data" / "seed"


def _beside(name: str) -> Any:
    """Return a module of this folder, which is no package."""
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location(f"reading_{name}", BESIDE / f"{name}.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BUILDING, DISGUISES = _beside("building"), _beside("disguising").DISGUISES


class Case(NamedTuple):
    """A page, the format it is given in, and what must come out."""

    page: Path
    format: str
    expected: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.page.name.split('.')[0]}.{self.format}"


def _case(page: Path) -> Iterator[Case]:
    """Yield the case of a page, once for each format that it is built in."""
    stem, extension = page.name.split(".")[:2]
    expected = yaml.safe_load((PAGES / f"{stem}.yaml").read_text(encoding="utf-8"))
    for kind in (extension, *expected.get("also", ())):
        yield Case(page, kind, expected)


def _cases() -> list[Case]:
    pages = sorted(path for path in PAGES.iterdir() if path.suffix != ".yaml")
    return [case for page in pages for case in _case(page)]


CASES = _cases()
READ = [case for case in CASES if "refused" not in case.expected]
REFUSED = [case for case in CASES if "refused" in case.expected]


def _each(cases: list[Case]) -> Any:
    return pytest.mark.parametrize("case", cases, ids=[case.name for case in cases])


# --- from a case to its reading --------------------------------------------------------------


def _document(case: Case) -> Document:
    source = case.page.read_text(encoding="utf-8")
    if case.format in ("docx", "pdf"):
        return _opened(getattr(BUILDING, case.format)(source), case.name)
    return _opened(source.encode(case.expected.get("encoding", "utf-8")), case.name)


def _opened(data: bytes, name: str) -> Document:
    """Open a document in this process: how it is read apart is tested with the formats."""
    module = {"docx": "word", "pdf": "pdf", "html": "pages"}.get(name.rpartition(".")[2])
    if module is None:
        return open_document(data, name)
    return import_module(f"uasocial.reading.formats.{module}").read(data, name)


def _read(document: Document) -> Reading:
    matches = Layouts().read_document(document)
    return choose(document, [("uasocial.layouts", match) for match in matches]).read()


@cache
def _reading(name: str) -> Reading:
    return _read(_document(next(case for case in CASES if case.name == name)))


def _by_path(reading: Reading) -> dict[str, Field]:
    return {".".join(map(str, field.at)): field for field in reading.fields}


def _values(reading: Reading) -> dict[str, Any]:
    return {path: field.value for path, field in _by_path(reading).items()}


def _plainly(reading: Reading) -> dict[str, Any]:
    """Return the values with plain spaces, for a label may be part of one, and composed letters."""
    return {path: _plain(value) for path, value in _values(reading).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(text) for text in value]
    return normalize("NFC", value).replace("\u00a0", " ") if isinstance(value, str) else value


# --- what must come out ----------------------------------------------------------------------


def test_each_expectation_has_a_page() -> None:
    """A file of expectations without its page would never be held against anything."""
    assert {path.stem for path in PAGES.glob("*.yaml")} == {
        case.page.name.split(".")[0] for case in CASES
    }


@_each(READ)
def test_a_page_gives_its_fields(case: Case) -> None:
    """Each value is read as it stands on the page, and goes where it belongs."""
    reading = _reading(case.name)
    assert reading.layout == case.expected["layout"]
    found, expected = _values(reading), case.expected["fields"]
    assert {path: found.get(path) for path in expected} == expected


@_each([case for case in READ if "absent" in case.expected])
def test_what_a_page_does_not_say_is_not_made_up(case: Case) -> None:
    """A fact that is missing or cannot be told stays out, whatever stands around it."""
    assert not set(case.expected["absent"]) & set(_values(_reading(case.name)))


@_each([case for case in READ if "lines" in case.expected])
def test_a_value_knows_its_lines(case: Case) -> None:
    """A person finds each value again in the document."""
    found, expected = _by_path(_reading(case.name)), case.expected["lines"]
    lines = {path: list(found[path].lines) if path in found else None for path in expected}
    assert lines == expected


@_each([case for case in READ if "doubts" in case.expected])
def test_what_is_wrong_with_a_page_is_told(case: Case) -> None:
    """What the reader cannot know, or finds at fault, is a doubt and no silence."""
    said = [doubt.message for doubt in _reading(case.name).doubts]
    untold = [words for words in case.expected["doubts"] if not any(words in one for one in said)]
    assert not untold, said


@_each(READ)
def test_nothing_else_is_left_over(case: Case) -> None:
    """What nobody could place is listed, and it is what has no place."""
    left = [line.text for line in _reading(case.name).unplaced]
    assert sorted(left) == sorted(case.expected["unplaced"])


@_each(REFUSED)
def test_what_is_no_urgent_action_is_refused_in_one_line(case: Case) -> None:
    """The error says in one line what the document lacks, and nothing is read of it."""
    with pytest.raises(DocumentError, match=case.expected["refused"]) as refused:
        _read(_document(case))
    assert str(refused.value).startswith(f"{case.name}: ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("case", "disguise"),
    [
        pytest.param(case, disguise, id=f"{case.name}-{disguise}")
        for case in READ
        for disguise in case.expected.get("disguises", ())
    ],
)
def test_a_disguise_changes_nothing(case: Case, disguise: str) -> None:
    """However the same page reaches us, the same is read of it."""
    data = DISGUISES[disguise](case.page.read_text(encoding="utf-8"))
    disguised = _read(_opened(data, case.name))
    assert _plainly(disguised) == _plainly(_reading(case.name))


# --- nothing is lost -------------------------------------------------------------------------

# Facts that are written otherwise than they stand on the page: their line is taken as read.
REWRITTEN = re.compile(
    r"action\.(?:number|kind|index|active_since|deadline|deadline_inclusive|preferred_languages"
    r"|own_language|counter\.value|sources\.\d+\.retrieved_at|documents\.\d+\.language)"
)
WORD = re.compile(r"\w+")
DIGITS = re.compile(r"\d")
# Labels of a contact, which stand before what they label.
REACH = frozenset(
    "twitter x facebook instagram mastodon bluesky email mail e fax phone tel telephone"
    " correo electrónico courriel i https http www com".split()
)
WIDEST_FACT = 300


@_each(READ)
def test_no_word_of_a_document_is_lost(case: Case) -> None:
    """Each word is in a value, set aside as furniture, left over, doubted, or is a label's."""
    reading = _reading(case.name)
    assert not _lost(reading)


def _lost(reading: Reading) -> dict[int, list[str]]:
    """Return the words that are lost, by the line they stood in; a line said twice loses none."""
    said: set[str] = set()
    lost = {}
    lines = [line for line in reading.document.lines if line.text]
    for at, line in enumerate(lines):
        if line.text not in said:
            labels = _wrapped_label_words([near.text for near in lines], at)
            words = _lost_words(reading, line.number, line.text)
            lost[line.number] = [word for word in words if word not in labels]
            said.add(line.text)
    return {number: words for number, words in lost.items() if words}


def _lost_words(reading: Reading, number: int, text: str) -> list[str]:
    fields = [field for field in reading.fields if number in field.lines]
    if _is_rewritten(fields) and len(text) <= WIDEST_FACT:
        return []
    if any(doubt.line == number for doubt in reading.doubts) and not fields:
        return []
    kept = _kept(reading, number, fields)
    known = {*_words(kept), *_label_words(text), *REACH}
    if any(field.at[1] != "hashtags" and field.at[-1] == "country" for field in fields):
        known |= _country_words(text)
    digits = "".join(DIGITS.findall(kept))
    return [word for word in _words(text) if word not in known and not _is_in(word, digits)]


def _is_rewritten(fields: list[Field]) -> bool:
    return any(REWRITTEN.fullmatch(".".join(map(str, field.at))) for field in fields)


def _is_in(word: str, digits: str) -> bool:
    """Tell whether *word* is a part of a phone number, which is kept without its spaces."""
    return word.isdecimal() and word.lstrip("0") in digits


def _kept(reading: Reading, number: int, fields: list[Field]) -> str:
    aside = [line.text for line in (*reading.furniture, *reading.unplaced) if line.number == number]
    values = [
        text
        for field in fields
        for text in (field.value if isinstance(field.value, list) else [field.value])
    ]
    return " ".join(map(str, (*values, *aside)))


def _words(text: str) -> list[str]:
    return WORD.findall(text.casefold())


def _label_words(text: str) -> set[str]:
    """Return the words of the labels that *text*, or a part of it, begins with."""
    parts = [text, *re.split(r"\s\|\s|•", text)]
    return {
        word
        for part in parts
        for label in labels_of(part)
        for word in _words(part.removesuffix(label.rest))
    }


def _wrapped_label_words(texts: list[str], at: int) -> set[str]:
    """Return the words of a label that goes over lines next to the one at *at*."""
    spans = [
        " ".join(texts[start:end])
        for start in range(max(at - 2, 0), at + 1)
        for end in range(at + 1, at + 4)
        if end - start > 1
    ]
    return {
        word
        for span in spans
        for label in labels_of(span)
        for word in _words(span.removesuffix(label.rest))
    }


def _country_words(text: str) -> set[str]:
    parts = [part.strip(" .") for part in text.split(",")]
    return {word for part in parts if len(countries_in(part)) == 1 for word in _words(part)}


# --- the page that the product starts from ---------------------------------------------------


@pytest.fixture(scope="module")
def seed() -> str:
    """The real page, where it lies beside the project."""
    pages = sorted(SHARED.glob("*.txt"))
    if not pages:
        pytest.skip("no seed page beside the project")
    return pages[0].read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def read_seed(seed: str) -> Reading:
    return _read(_opened(seed.encode(), "seed.txt"))


SEED: Mapping[str, Any] = {
    "action.number": "UA 119/21",
    "action.index": "AMR 46/5033/2021",
    "action.active_since": "2021-11-23",
    "action.deadline": "2022-01-03",
    "action.deadline_inclusive": False,
    "action.deadline_words.en": "Please take action before 3 January 2022.",
    "action.preferred_languages": ["es"],
    "action.own_language": True,
    "action.countries": ["PE"],
    "action.hashtags.country": "Perú",
    "action.hashtags.campaign.en": "RefugeeChildhoodMatters",
    "action.hashtags.campaign.es": "LaNiñezRefugiadaImporta",
    "action.targets.0.holders.0.name": "Oscar Maúrtua De Romaña",
    "action.targets.0.office.en": "Minister of Foreign Affairs",
    "action.targets.0.address": ["Jr. Lampa 545", "Cercado de Lima, Lima"],
    "action.targets.0.holders.0.handles.x": "MaurtuaDe",
    "action.copies.0.name.fr": "Ambassade du Pérou",
    "action.copies.0.address": ["Thunstrasse 36", "3005 Berne"],
    "action.copies.0.faxes": ["+41313518570"],
    "action.copies.0.sender_country": "CH",
    "action.counter.value": 10,
    "action.counter.as_of": "2021-11-30",
    "action.counter.source": "10 Briefe verschickt",
    "action.sources.0.retrieved_at": "2021-11-30",
    "action.documents.0.language": "en",
    "action.documents.0.type": "Microsoft Word Document",
    "action.documents.0.size": "40.4 kB",
    "action.documents.1.language": "es",
    "action.documents.1.type": "Microsoft Word Document",
    "action.documents.1.size": "114.5 kB",
    "action.documents.2.language": "de",
    "action.documents.2.type": "Microsoft Word Document",
    "action.documents.2.size": "41.0 kB",
    "action.documents.3.language": "fr",
    "action.documents.3.type": "Microsoft Word Document",
    "action.documents.3.size": "40.4 kB",
    "en.title": "Refugee children at risk",
    "en.letter.salutation": "Dear Minister Oscar Maúrtua De Romaña:",
    "en.letter.closing": "Yours sincerely,",
    "es.letter.salutation": "Señor Ministro Oscar Maúrtua De Romaña:",
    "en.posts.0.platforms": ["x"],
    "es.posts.0.platforms": ["x"],
}
# Where a text stands on the page, whose words are not ours to copy.
SEED_TEXTS = {"en.lead": 11, "en.posts.0.text": 89, "es.posts.0.text": 92}
# Where the paragraphs of the page stand.
SEED_PARAGRAPHS = {
    "en.body": (14, 16, 18, 20, 22, 24),
    "en.letter.paragraphs": (40, 42, 44, 46),
    "es.letter.paragraphs": (54, 55, 56, 57),
}
SEED_LINES = {
    "action.number": (4,),
    "action.active_since": (5,),
    "action.sources.0.retrieved_at": (5,),
    "action.index": (9,),
    "action.deadline": (32,),
    "action.preferred_languages": (34,),
    "action.own_language": (34,),
    "action.targets.0.holders.0.name": (63,),
    "action.targets.0.office.en": (64,),
    "action.targets.0.address": (65, 66),
    "action.targets.0.holders.0.handles.x": (68,),
    "action.copies.0.name.fr": (73,),
    "action.copies.0.faxes": (77,),
    "action.counter.value": (94,),
    "action.documents.1.language": (100,),
    "action.documents.1.size": (101,),
    "en.title": (7,),
    "en.letter.salutation": (38,),
    "en.letter.closing": (48,),
    "es.letter.salutation": (53,),
}
# facts/urgent-actions.md lists the traps of this page: a line, and words that tell of it.
SEED_DOUBTS = {
    "a post is cut off": (89, "discriminatio"),
    "two words are run together": (89, "protectiondocuments"),
    "a no-break space": (89, "no-break space"),
    "a tag with marks": (89, "Perú"),
    "another tag with marks": (92, "LaNiñezRefugiadaImporta"),
    "a letter too long for a mail address": (36, "mailto"),
    "the other letter too long": (51, "mailto"),
    "a letter of no stated language": (36, "language"),
    "an address without a country": (66, "country"),
    "a national fax": (77, "031 351 85 70"),
}


def test_the_seed_page_gives_its_facts(read_seed: Reading) -> None:
    """Number, days, people, addresses and files of the real page are what stands on it."""
    found = _values(read_seed)
    assert {path: found.get(path) for path in SEED} == SEED


def test_the_seed_page_gives_its_texts_word_for_word(seed: str, read_seed: Reading) -> None:
    """Title, story, letters and posts are those of the page, with their faults."""
    found, lines = _values(read_seed), seed.splitlines()
    expected: dict[str, Any] = {path: lines[at - 1].strip() for path, at in SEED_TEXTS.items()}
    for path, at in SEED_PARAGRAPHS.items():
        expected[path] = [lines[number - 1].strip() for number in at]
    assert {path: found.get(path) for path in expected} == expected


def test_the_seed_page_has_no_more_texts_than_it_has(read_seed: Reading) -> None:
    """Letters and posts are in two languages, a post each; the Spanish letter has no closing."""
    found = _values(read_seed)
    assert {path.split(".")[0] for path in found} == {"action", "en", "es"}
    assert not {"es.letter.closing", "en.posts.1.text", "es.posts.1.text", "es.title"} & set(found)
    assert "action.documents.4.language" not in found


def test_the_seed_page_keeps_its_note_on_delivery(seed: str, read_seed: Reading) -> None:
    """The note on letters to other countries is kept whole, with the day it was read."""
    lines = [line.strip() for line in seed.splitlines()[80:84]]
    found = _values(read_seed)
    assert found.get("action.delivery.0.text.en") == " ".join(lines)
    assert found.get("action.delivery.0.as_of") == "2021-11-30"


@pytest.mark.parametrize(("path", "lines"), SEED_LINES.items(), ids=SEED_LINES)
def test_the_seed_page_knows_its_lines(
    read_seed: Reading, path: str, lines: tuple[int, ...]
) -> None:
    """A person finds the fact in the real page where the reader says."""
    assert _by_path(read_seed)[path].lines == lines


@pytest.mark.parametrize(("line", "words"), SEED_DOUBTS.values(), ids=SEED_DOUBTS)
def test_the_seed_page_has_its_traps_told(read_seed: Reading, line: int, words: str) -> None:
    """What is at fault on the real page is told at its line, and mended by nobody."""
    said = [(doubt.line, doubt.message) for doubt in read_seed.doubts]
    assert any(number == line and words in message for number, message in said), said


def test_nothing_of_the_seed_page_is_left_over(read_seed: Reading) -> None:
    """Each line of the real page has its place."""
    assert not [line.text for line in read_seed.unplaced]


def test_no_word_of_the_seed_page_is_lost(read_seed: Reading) -> None:
    """Each word of the real page is in a value, or known as furniture or as a label."""
    assert not _lost(read_seed)


# The page holds an arrow, which the Windows encoding does not have.
@pytest.mark.parametrize("disguise", sorted(set(DISGUISES) - {"cp1252"}))
def test_a_disguise_of_the_seed_page_changes_nothing(
    seed: str, read_seed: Reading, disguise: str
) -> None:
    """However the real page reaches us, the same is read of it."""
    disguised = _read(_opened(DISGUISES[disguise](seed), "seed.txt"))
    assert _plainly(disguised) == _plainly(read_seed)
