"""What may not be said stands nowhere in a site, whichever text of a case it is written into."""

import copy
import email
import email.policy
import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import pytest
from PIL import Image
from pypdf import PdfReader

from uasocial.settings import find_project
from uasocial.site.building import build
from uasocial.site.contents import Site
from uasocial.toolkit import Toolkit

FACTS: dict[str, Any] = {
    "number": "UA 1/26",
    "countries": ["PE"],
    "active_since": "2026-01-10",
    "deadline": "2026-02-10",
    "deadline_words": {"en": "before 10 February"},
    "link": {"en": "https://example.org/1/en", "de": "https://example.org/1/de"},
    "hashtags": {"campaign": {"en": "OpenTheGate", "de": "Tor"}, "own": "Gates"},
    "targets": [
        {
            "id": "minister",
            "office": {"en": "Minister of Gates", "de": "Minister der Tore"},
            "address": ["1 Gate Street", "Lima"],
            "country": "PE",
            "emails": ["m@gates.example"],
            "holders": [
                {
                    "name": "Ana Example",
                    "handles": {"x": "ana_example"},
                    "handle_ids": {"x": "4711"},
                    "salutation": {"en": "Dear Ms Example,", "de": "Hallo,"},
                }
            ],
        },
        {
            "id": "mayor",
            "office": {"en": "Mayor of Gates"},
            "emails": ["mayor@gates.example"],
            "holders": [{"name": "Bo Example", "salutation": {"en": "Dear Bo,", "de": "Hallo,"}}],
        },
    ],
    "copies": [
        {
            "id": "embassy",
            "name": {"en": "Embassy of Gates"},
            "sender_country": "GB",
            "address": ["2 Gate Street", "London"],
            "country": "GB",
            "emails": ["embassy@gates.example"],
        }
    ],
    "safety": [{"country": "PE", "text": {"en": "Take care.", "de": "Vorsicht."}}],
    "delivery": [{"text": {"en": "Slow.", "de": "Langsam."}, "to": "PE", "source": "the post"}],
    "postage": [
        {"from": "GB", "to": "the world", "amount": "2.80", "currency": "GBP", "source": "a list"}
    ],
    "people": [
        {
            "name": "Mira Example",
            "spellings": ["Myra Example"],
            "pronoun": "she",
            "role": "teacher",
            "consents": [
                {"use": use, "given_on": "2026-01-11"} for use in ("name", "photo", "social-media")
            ],
        }
    ],
    "mentions": {"x": ["gates_news"]},
    "mention_ids": {"x": {"gates_news": "4712"}},
    "counter": {"value": 12, "as_of": "2026-01-12", "source": "letters counted"},
    "documents": [
        {
            "language": "en",
            "title": "The report",
            "type": "PDF",
            "size": "2 MB",
            "url": "https://example.org/report.pdf",
        }
    ],
    "supersedes": "UA 900/25",
    "superseded_by": "UA 901/26",
    "sources": [{"url": "https://example.org/source", "title": "The source"}],
    "notes": ["A note for the team."],
}
WORDS: dict[str, Any] = {
    "title": "Open the gate",
    "lead": "The gate is closed.",
    "body": ["It was shut."],
    "demands": ["Open the gate"],
    "letter": {
        "salutation": "Dear Minister,",
        "paragraphs": ["Please open it."],
        "closing": "Yours,",
    },
    "alt": {"door": "A green door."},
    "update": "It was seen.",
    "content_warning": "gates",
    "posts": [
        {"id": "gate", "template": "Open it! {{ campaign | hashtag }} {{ action | link }}"},
        {"id": "plain", "text": "Open it now!"},
    ],
}
NEWS = {"outcome": "It is open."}
ENDED = {"how": "good-news", "on": "2026-01-19", "by": "Haron Velsi", "why": "It is open."}


class Forms(NamedTuple):
    """One thing that may not be said, as each kind of text would hold it.

    *handle* is what it is found by, in whatever form.
    """

    text: str
    slug: str
    word: str
    handle: str


DIGITS = "bcdfghjklm"
HANDLE = re.compile(rf"(?:harbour|belkori)[{DIGITS}]{{3}}")


def forms(kind: str, number: int) -> Forms:
    """Return what may not be said in the case of a number."""
    code = "".join(DIGITS[int(digit)] for digit in f"{number:03}")
    if kind == "person":
        name = f"belkori{code}"
        return Forms(f"Samar {name.title()}", f"samar-{name}", f"Samar{name.title()}", name)
    return Forms(f"Harbour{code}", f"harbour{code}", f"Harbour{code}", f"harbour{code}")


# Where it is put: `facts` or the file of a language, and the way to the text; `@` is a key.
TEXTS = (
    "facts deadline_words en",
    "facts targets 0 office en",
    "facts targets 0 office de",
    "facts targets 0 address 0",
    "facts targets 0 holders 0 name",
    "facts targets 0 holders 0 salutation en",
    "facts targets 1 office en",
    "facts copies 0 name en",
    "facts copies 0 address 1",
    "facts safety 0 text en",
    "facts safety 0 text de",
    "facts delivery 0 text en",
    "facts delivery 0 text de",
    "facts delivery 0 source",
    "facts postage 0 to",
    "facts postage 0 source",
    "facts people 0 role",
    "facts people 0 pronoun",
    "facts people 0 spellings 0",
    "facts counter source",
    "facts documents 0 title",
    "facts documents 0 type",
    "facts documents 0 size",
    "facts supersedes",
    "facts superseded_by",
    "facts sources 0 title",
    "facts notes 0",
    "en title",
    "en lead",
    "en body 0",
    "en demands 0",
    "en letter salutation",
    "en letter paragraphs 0",
    "en letter closing",
    "en alt door",
    "en update",
    "en content_warning",
    "en posts 0 template",
    "en posts 1 text",
    "de title",
    "de lead",
    "de body 0",
    "de demands 0",
    "de letter paragraphs 0",
    "de alt door",
    "de posts 0 template",
    "de posts 1 text",
)
ADDRESSES = ("facts link en", "facts documents 0 url", "facts sources 0 url")
EMAILS = ("facts targets 0 emails 0", "facts targets 1 emails 0", "facts copies 0 emails 0")
SLUGS = (
    "facts targets 0 @id",
    "facts copies 0 @id",
    "en posts 0 @id",
    "en posts 1 @id",
    "en alt @door",
    "folder",
)
TAGS = ("facts hashtags campaign en", "facts hashtags own")
NAMES = (
    "facts hashtags @own",
    "facts targets 0 holders 0 handles x",
    "facts targets 0 holders 0 handle_ids x",
    "facts mentions x 0",
    "facts mention_ids x gates_news",
)
# What only a case that has ended has.
OF_THE_END = ("en outcome", "de outcome", "facts ended by", "facts ended why")
FIELDS = (*TEXTS, *ADDRESSES, *EMAILS, *SLUGS, *TAGS, *NAMES)
PLACES = {
    **{f"{field}, open": (field, False) for field in FIELDS},
    **{f"{field}, ended": (field, True) for field in (*FIELDS, *OF_THE_END)},
}


def value(field: str, said: Forms) -> str:
    """Return a text that the field may have, with what may not be said in it."""
    shapes = (
        (ADDRESSES, f"https://example.org/{said.slug}/en"),
        (EMAILS, f"{said.slug}@gates.example"),
        (SLUGS, said.slug),
        (TAGS, said.word),
        (NAMES, said.slug.replace("-", "_")),
    )
    plain = f"For {said.text} now {'{{ action | link }}' if field.endswith('template') else ''}"
    return next((shape for fields, shape in shapes if field in fields), plain.strip())


class Case:
    """A case, which has everything that a case can have."""

    def __init__(self, number: int, *, ended: bool) -> None:
        self.name = f"case-{number}"
        self.picture = "door"
        self.files = {
            name: copy.deepcopy(content)
            for name, content in (("facts", FACTS), ("en", WORDS), ("de", WORDS))
        }
        self.files["facts"]["number"] = f"UA {number}/26"
        if ended:
            self.files["facts"]["ended"] = dict(ENDED)
            for language in ("en", "de"):
                self.files[language] |= NEWS

    def put(self, field: str, text: str) -> None:
        if field == "folder":
            self.name = text
            return
        file, *way = field.split()
        part: Any = self.files[file]
        for step in way[:-1]:
            part = part[int(step)] if step.isdecimal() else part[step]
        last = way[-1]
        if last == "@id":
            part["id"] = text
        elif last == "@door":
            self.picture = text
            for language in ("en", "de"):
                self.files[language]["alt"] = {text: "A green door."}
        elif last.startswith("@"):
            part[text] = part.pop(last[1:])
        else:
            part[int(last) if last.isdecimal() else last] = text

    def forbid(self, kind: str, said: Forms) -> None:
        facts = self.files["facts"]
        if kind == "person":
            facts["people"] = [*facts["people"], {"name": said.text}]
        else:
            facts["do_not_post"] = [said.text]

    def write(self, actions: Path) -> None:
        folder = actions / self.name
        (folder / "media").mkdir(parents=True)
        for name, content in self.files.items():
            file = "action" if name == "facts" else name
            text = json.dumps(content, ensure_ascii=False)
            (folder / f"{file}.yaml").write_text(text, encoding="utf-8")
        Image.new("RGB", (40, 40), "green").save(folder / "media" / f"{self.picture}.png")


def told(name: str, data: bytes) -> Iterator[str]:
    """Yield all that a file tells in small letters, whatever it is packed or written in."""
    yield name.lower()
    text = data.decode("utf-8", "replace").lower()
    yield from (text, html.unescape(text), unquote(unquote(html.unescape(text))))
    if name.endswith((".zip", ".docx")):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for inner in packed.namelist():
                yield from told(inner, packed.read(inner))
    elif name.endswith(".pdf"):
        for page in PdfReader(io.BytesIO(data)).pages:
            yield page.extract_text().lower()
    elif name.endswith(".ics"):
        yield text.replace("\r\n ", "")
    elif name.endswith(".eml"):
        yield from _told_by_mail(data)


def _told_by_mail(data: bytes) -> Iterator[str]:
    mail = email.message_from_bytes(data, policy=email.policy.default)
    for part in mail.walk():
        yield "\n".join(f"{name}: {said}" for name, said in part.items()).lower()
        if not part.is_multipart():
            inner = part.get_payload(decode=True)
            assert isinstance(inner, bytes)
            yield from told(part.get_filename() or "", inner)


class Made:
    """A site, and which of its files hold something that may not be said."""

    def __init__(self, root: Path) -> None:
        self._holding: dict[str, set[str]] = {}
        for path in (path for path in root.rglob("*") if path.is_file()):
            name = str(path.relative_to(root))
            for text in told(name, path.read_bytes()):
                for found in HANDLE.findall(text):
                    self._holding.setdefault(found, set()).add(name)

    def holding(self, said: Forms) -> list[str]:
        return sorted(self._holding.get(said.handle, ()))


def made(root: Path, cases: list[Case]) -> Made:
    for case in cases:
        case.write(root / "actions")
    settings = '[site]\nlanguages = ["en", "de"]\nplatforms = ["x", "mastodon"]\n'
    (root / "uasocial.toml").write_text(settings, encoding="utf-8")
    now = datetime.fromisoformat("2026-01-20T12:00+00:00")
    site = Site(Toolkit(find_project(str(root)), now), "https://act.example.org/")
    out = root / "public"
    build(site, out)
    return Made(out)


@pytest.fixture(scope="module", params=["word", "person"])
def forbidden(request, tmp_path_factory) -> tuple[str, Made]:
    """A site with a case for each place, in which what stands there may not be said."""
    cases = []
    for number, (field, ended) in enumerate(PLACES.values(), start=1):
        said = forms(request.param, number)
        case = Case(number, ended=ended)
        case.put(field, value(field, said))
        case.forbid(request.param, said)
        cases.append(case)
    return request.param, made(tmp_path_factory.mktemp("forbidden"), cases)


@pytest.mark.parametrize("place", PLACES)
def test_what_may_not_be_said_stands_in_no_file_of_the_site_wherever_it_is_written(
    forbidden, place
):
    kind, site = forbidden
    assert site.holding(forms(kind, 1 + list(PLACES).index(place))) == []


# What no page has a place for, even where all of it may be said.
NEVER = {
    "facts people 0 role",
    "facts people 0 pronoun",
    "facts people 0 spellings 0",
    "facts sources 0 title",
    "facts sources 0 url",
    "facts notes 0",
    # A picture is called by a number there.
    "en alt @door",
}
# What says something of another text, which is therefore not put there in the same case.
APART = ("folder", "en alt @door", "facts mention_ids x gates_news")


def test_what_may_be_said_is_found_where_the_search_looks_for_what_may_not(tmp_path):
    cases = [Case(1, ended=False), Case(2, ended=False)]
    for number, field in enumerate(FIELDS):
        cases[field in APART].put(field, value(field, forms("word", number)))
    site = made(tmp_path, cases)
    unseen = {f for n, f in enumerate(FIELDS) if not site.holding(forms("word", n))}
    assert unseen == NEVER
