"""A guide for colleagues in other sections: all the texts of an action, and what to do with them.

What a guide holds has left the house: words that must not be posted do not stand in it, for a list
of them would tell everybody what nobody is to learn.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from uasocial import letters, pages, placing, rules
from uasocial.accounts import has_ledger, ledger_of
from uasocial.case_pictures import case_pictures
from uasocial.day_ends import end_of_day, zones_of
from uasocial.errors import Refused, UasocialError
from uasocial.model import Action, Draft
from uasocial.outbox import seeing

if TYPE_CHECKING:
    from uasocial.model import Target
    from uasocial.toolkit import Toolkit

__all__ = ["Guide", "Letter", "Picture", "Place", "Text", "Wish", "files", "guide", "put"]

SCHEMA = 1
LIST = "guide.json"
EMBARGO = "EMBARGO-"
# The occasions whose texts are as true tomorrow as they are today.
OCCASIONS = ("appeal", "update")


class Wish(NamedTuple):
    """Who makes a guide, in which languages, and *to* whom before the embargo is over."""

    by: str
    languages: Sequence[str]
    to: str = ""


class Place(NamedTuple):
    """A platform that a text is for, how long it is there, and its *file* in the guide."""

    label: str
    length: int
    limit: int | None
    file: str


class Text(NamedTuple):
    """A wording with all the platforms on which it reads the same."""

    language: str
    occasion: str
    wording: str
    text: str
    warning: str
    places: tuple[Place, ...]


class Letter(NamedTuple):
    """The letter to a target in one language, and its file in the guide."""

    language: str
    target: str
    text: str
    file: str


class Picture(NamedTuple):
    """A picture without anything but its pixels; *alts* are its alt texts by language."""

    file: str
    data: bytes
    alts: dict[str, str]


class Guide(Struct, frozen=True, kw_only=True):
    """What colleagues are given; *left_out* says what they are not, and never why in words.

    *banner* is empty where no embargo holds; *until* is the last moment to act.
    """

    action: Action
    languages: tuple[str, ...]
    made_at: datetime
    until: datetime
    contact: str
    banner: str
    texts: tuple[Text, ...]
    letters: tuple[Letter, ...]
    pictures: tuple[Picture, ...]
    mentions: dict[str, tuple[str, ...]]
    kept_out: int
    left_out: tuple[str, ...]

    def named(self, file: str) -> str:
        """Return the name of a file, which tells of an embargo too."""
        folder, _, name = file.rpartition("/")
        marked = f"{EMBARGO}{name}" if self.banner else name
        return f"{folder}/{marked}" if folder else marked


def guide(kit: "Toolkit", action: Action, wish: Wish) -> Guide:
    """Gather a guide; raise Refused where nothing of *action* may be given to anybody."""
    _assert_may_be(kit, action, wish)
    facts = action.facts
    # What is given out early is made for the moment at which it may be used.
    moment = max(kit.now, facts.embargo or kit.now).astimezone(kit.now.tzinfo)
    at = type(kit)(kit.project, moment, actual=kit.actual)
    reason = at.refusal(action, "appeal")
    if reason:
        raise Refused(f"{action.id}: {reason}")
    days = rules.Days(at.today(action), kit.actual.date())
    left_out: list[str] = []
    made = Guide(
        action=action,
        languages=tuple(wish.languages),
        made_at=kit.actual,
        until=end_of_day(facts.last_day, zones_of(action, kit.now.tzinfo)),
        contact=", ".join(filter(None, (wish.by, kit.project.settings.organisation))),
        banner=_banner(kit, action, wish.to) if wish.to else "",
        texts=tuple(_texts(at, action, wish.languages, left_out)),
        letters=tuple(_letters(at, action, wish.languages, left_out)),
        pictures=tuple(_pictures(action, wish.languages, days, left_out)),
        mentions=_mentions(kit, action),
        kept_out=len(facts.do_not_post),
        left_out=tuple(left_out),
    )
    _assert_sayable(made, days)
    return made


def _early(kit: "Toolkit", action: Action) -> bool:
    return action.facts.embargo is not None and kit.now < action.facts.embargo


def _assert_may_be(kit: "Toolkit", action: Action, wish: Wish) -> None:
    if kit.is_withdrawn(action):
        raise Refused(f"{action.id}: {kit.withheld(action)}")
    ended = seeing.ended(ledger_of(kit), action.id) if has_ledger(kit) else ""
    if ended:
        said = {"stop": "was stopped", "withdraw": "was withdrawn", "close": "was closed"}
        how = said[ended]
        raise Refused(f"{action.id}: {how}, as the ledger says; nothing of it is handed out")
    if _early(kit, action) and not wish.to:
        raise Refused(
            f"{action.id}: {kit.withheld(action)}; a guide before that is for one person or "
            "section: --embargoed-for NAME, which goes on record"
        )
    if wish.to and not _early(kit, action):
        raise UasocialError(f"{action.id}: is under no embargo: leave --embargoed-for out")


def _banner(kit: "Toolkit", action: Action, to: str) -> str:
    assert action.facts.embargo is not None  # noqa: S101 - looked at before
    moment = action.facts.embargo.astimezone(kit.now.tzinfo)
    return (
        f"UNDER EMBARGO UNTIL {moment:%Y-%m-%d %H:%M} {moment.tzname()}. For {to} alone: not to be "
        "published or passed on before."
    )


# --- what is in it -----------------------------------------------------------------------------


def _texts(
    kit: "Toolkit", action: Action, chosen: Sequence[str], left_out: list[str]
) -> Iterator[Text]:
    groups: dict[tuple[str, ...], list[Draft]] = {}
    for draft in _drafts(kit, action, chosen):
        if draft.errors():
            # What is wrong may be the very word that nobody is to read.
            codes = ", ".join(problem.code for problem in draft.errors())
            left_out.append(f"{draft.language}, {draft.platform}, {draft.wording} ({codes})")
        else:
            key = (draft.language, draft.occasion, draft.wording, draft.text, draft.content_warning)
            groups.setdefault(key, []).append(draft)
    for (language, occasion, wording, text, warning), drafts in groups.items():
        places = tuple(_place(kit, draft) for draft in drafts)
        yield Text(language, occasion, wording, text, warning, places)


def _drafts(kit: "Toolkit", action: Action, chosen: Sequence[str]) -> Iterator[Draft]:
    for language in chosen:
        for occasion in OCCASIONS:
            if occasion == "update" and not action.words[language].update:
                continue
            try:
                yield from kit.drafts(action, [language], kit.choose(()), occasion)
            except UasocialError:
                # A language with a letter and nothing else has no posts.
                if action.words[language].title:
                    raise


def _place(kit: "Toolkit", draft: Draft) -> Place:
    name = f"{draft.language}/{draft.platform}-{draft.occasion}-{draft.wording}.txt"
    return Place(kit.platform(draft.platform).label, draft.length, draft.limit, name)


def _letters(
    kit: "Toolkit", action: Action, chosen: Sequence[str], left_out: list[str]
) -> Iterator[Letter]:
    sending = letters.Sending()
    for language in chosen:
        if action.words[language].letter is None:
            continue
        for target in action.facts.targets:
            try:
                made = letters.compose(action, language, target, sending, kit.today(action))
            except UasocialError:
                left_out.append(f"{language}, letter to {target.id}")
                continue
            file = f"{language}/letter-{target.id}.txt"
            yield Letter(language, _office(target, language), letters.as_text(made), file)


def _office(target: "Target", language: str) -> str:
    return target.office[_tongue(target, language)]


def _tongue(target: "Target", language: str) -> str:
    """Return in which language the name of an office is shown to who reads *language*."""
    return language if language in target.office else next(iter(target.office))


def _pictures(
    action: Action, chosen: Sequence[str], days: rules.Days, left_out: list[str]
) -> Iterator[Picture]:
    for one in case_pictures(action, chosen, days, left_out):
        yield Picture(f"pictures/{one.name}", one.data, one.alts)


def _mentions(kit: "Toolkit", action: Action) -> dict[str, tuple[str, ...]]:
    """Return whom a post may mention, by platform: targets, and what the case allows."""
    found = {name: list(handles) for name, handles in action.facts.mentions.items()}
    for target in action.facts.targets:
        holder = target.holder(kit.today(action))
        for platform, handle in (holder.handles if holder else {}).items():
            found.setdefault(platform, []).append(handle)
    return {name: tuple(dict.fromkeys(handles)) for name, handles in sorted(found.items())}


def _assert_sayable(made: Guide, days: rules.Days) -> None:
    for where, text in _said(made):
        reason = rules.unsayable(made.action, text, days)
        if reason:
            raise Refused(f"{made.action.id}: {where} {reason}")


def _said(made: Guide) -> Iterator[tuple[str, str]]:
    """Yield every text of a guide, and where it is from."""
    facts = made.action.facts
    # It is the name of the archive, and stands in its list.
    yield "the name of its folder", made.action.id
    for language in made.languages:
        words = made.action.words[language]
        parts = (words.title, words.lead, *words.body, *words.demands, words.update)
        yield language, "\n".join(filter(None, parts))
        yield "safety", "\n".join(one.text.get(language, "") for one in facts.safety)
        yield "deadline_words", facts.deadline_words.get(language, "")
        yield "link", facts.link.get(language, "")
    yield from ((f"the letter in {one.language}", one.text) for one in made.letters)
    yield from (
        # Its name is that of a file, too.
        (f"a text in {one.language}", f"{one.text}\n{one.warning}\n{one.wording}")
        for one in made.texts
    )
    for picture in made.pictures:
        yield f"the alt text of {picture.file}", "\n".join((picture.file, *picture.alts.values()))


# --- as files ----------------------------------------------------------------------------------


def files(made: Guide) -> dict[str, bytes]:
    """Return the files of a guide by name; the first of them lists the others by their digests."""
    found = {made.named(name): data for name, data in _files(made)}
    listed = {
        "schema": SCHEMA,
        "action": made.action.id,
        "made_at": made.made_at.isoformat(timespec="seconds"),
        "embargo": made.banner,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in found.items()},
    }
    first = json.dumps(listed, ensure_ascii=False, indent=1).encode()
    return {made.named(LIST): first, **found}


def _files(made: Guide) -> Iterator[tuple[str, bytes]]:
    yield "index.html", pages.render("guide", guide=made, **_shown(made)).encode()
    for text in made.texts:
        head = (made.banner, f"Content warning: {text.warning}" if text.warning else "")
        for place in text.places:
            yield place.file, _plain(*head, text.text)
    for letter in made.letters:
        yield letter.file, _plain(made.banner, letter.text)
    for picture in made.pictures:
        yield picture.file, picture.data
        for language, alt in picture.alts.items():
            stem = Path(picture.file).stem
            yield f"{language}/alt-{stem}.txt", _plain(made.banner, alt)


def _plain(*parts: str) -> bytes:
    return ("\n\n".join(part for part in parts if part).rstrip("\n") + "\n").encode()


def _shown(made: Guide) -> dict[str, object]:
    """Return what the page of a guide is made of, besides the guide."""
    facts = made.action.facts
    return {
        "facts": facts,
        "number": str(facts.number or ""),
        "until": f"{made.until:%Y-%m-%d %H:%M} {made.until.tzname()}",
        "made": f"{made.made_at:%Y-%m-%d %H:%M} {made.made_at.tzname()}",
        "offices": [
            (target, _tongue(target, "en"), target.holder(made.made_at.date()))
            for target in facts.targets
        ],
    }


def put(kit: "Toolkit", made: Guide, wish: Wish, out: Path) -> int:
    """Write a guide as a folder, or as a zip where *out* ends so; return how many files it has.

    One that is given out before its embargo is on record before anybody can have it.
    """
    found = files(made)
    if made.banner:
        digest = hashlib.sha256(next(iter(found.values()))).hexdigest()
        seeing.given_out(ledger_of(kit), made.action.id, wish.by, wish.to, digest)
    if out.suffix.lower() == ".zip":
        placing.put_file(out, placing.zipped(f"{made.action.id}-guide", found), _is_guide)
    else:
        placing.put_folder(out, found, _known)
    return len(found)


def _is_guide(start: bytes) -> bool:
    """Tell by its beginning whether a file is a guide: the name of its first file stands there."""
    return start.startswith(b"PK\x03\x04") and LIST.encode() in start


def _known(folder: Path) -> set[str]:
    """Return the files of an older guide that are as they were made."""
    for name in (LIST, f"{EMBARGO}{LIST}"):
        try:
            listed = json.loads((folder / name).read_bytes())["files"]
            return {name, *_unchanged(folder, listed.items())}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    return set()


def _unchanged(folder: Path, listed: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, sha256 in listed:
        path = folder / name
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256:
            yield name
