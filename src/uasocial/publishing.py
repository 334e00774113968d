"""From drafts to orders: what an account says and when, refused while a person can still mend it.

What is refused here is refused again by the ledger, at the moment of sending.
"""

import hashlib
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from uasocial import stopping
from uasocial.day_ends import end_of_day, zones_of
from uasocial.errors import Refused, UasocialError, printable
from uasocial.model import Action, Draft
from uasocial.model.post import Media, Post, State, digest_of
from uasocial.outbox import controls, deciding, deliveries, queue
from uasocial.outbox.media import keep_media
from uasocial.outbox.pictures import Picture, read_picture
from uasocial.platforms.pictures import PictureLimits, picture_limits
from uasocial.rules.consent import consents
from uasocial.text.names import holds
from uasocial.text.units import utf16_units

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from uasocial.accounts import Account
    from uasocial.outbox.ledger import Ledger
    from uasocial.toolkit import Toolkit

__all__ = [
    "Outgoing",
    "Wish",
    "at_moment",
    "checked_permalink",
    "draft_for",
    "make_post",
    "plan",
    "prepare",
]

MAX_PERMALINK = 2000
# In no address: it is shown in pages and tables.
_STRANGE = re.compile(r"[\s<>\"\\^`{|}]")


@dataclass(frozen=True)
class Wish:
    """What is asked for: the words, when they go out (None is now), with which pictures, by whom.

    *alts* belong to *media* in their order; where there are none, those of the case do. *again*
    allows the same words twice on an account.
    """

    by: str
    occasion: str = "appeal"
    wording: str | None = None
    at: datetime | None = None
    media: tuple[Path, ...] = ()
    alts: tuple[str, ...] = ()
    again: bool = False


class Outgoing(NamedTuple):
    """What one account is about to publish; nothing of it is on the ledger yet."""

    account: "Account"
    draft: Draft
    post: Post
    pictures: tuple[Picture, ...]
    at: datetime
    state: State
    warnings: tuple[str, ...]


def prepare(
    kit: "Toolkit", action: Action, accounts: "Iterable[Account]", wish: Wish
) -> list[Outgoing]:
    """Make ready what *accounts* publish of *action*; raise where one of them may not."""
    if kit.rehearsal:
        raise UasocialError("nothing is published in a rehearsal: leave --as-of out")
    when = wish.at or kit.now
    if when < kit.now:
        raise UasocialError(
            f"{when.isoformat(' ', 'minutes')} is over: give a moment to come, or leave --at out"
        )
    chosen = list(accounts)
    if wish.alts and len({one.stated.language for one in chosen}) > 1:
        raise UasocialError(
            "--alt is in one language, and the accounts are in several: write the alt texts into "
            "`alt` of each <language>.yaml"
        )
    return [_outgoing(kit, action, one, wish, when) for one in chosen]


def _outgoing(
    kit: "Toolkit", action: Action, account: "Account", wish: Wish, when: datetime
) -> Outgoing:
    at = at_moment(kit, account, when)
    draft = draft_for(at, action, account, wish.occasion, wish.wording)
    limits = picture_limits(account.stated.platform)
    alts = _alts(action, draft.language, wish)
    _assert_alts(alts, limits, account.name)
    _assert_sayable(action, "\n".join([draft.text, *alts]), at.now)
    pictures = _pictures(action, wish.media, limits, account.name)
    post = make_post(at, action, account, draft, pictures, alts, wish.by)
    state: State = "proposed" if account.stated.approval == "required" else "planned"
    warnings = tuple(_warnings(action, draft, pictures, at.today(action)))
    return Outgoing(account, draft, post, pictures, when, state, warnings)


def at_moment(kit: "Toolkit", account: "Account", when: datetime) -> "Toolkit":
    """Return a toolkit as of *when*, with the account's own server where it has one."""
    moment = when.astimezone(kit.now.tzinfo)
    instance = account.stated.settings.get("instance")
    return type(kit)(kit.project, moment, actual=kit.actual, instance=instance)


# --- words -------------------------------------------------------------------------------------


def draft_for(
    kit: "Toolkit", action: Action, account: "Account", occasion: str, wording: str | None = None
) -> Draft:
    """Return the draft of an account's platform and language; *kit* is at its moment.

    *action* was read now: the days of an example move with the day on which it is read. Raise
    where nothing may be handed out then, or the draft has an error.
    """
    stated = account.stated
    if stated.language not in action.words:
        known = ", ".join(action.words)
        raise UasocialError(
            f"{action.id}: has no words in {stated.language!r}, the language of the account "
            f"{account.name!r}; it has {known}"
        )
    platform = kit.platform(stated.platform)
    drafts = kit.share(action, [stated.language], [platform], occasion, wording)
    if len(drafts) != 1:
        raise UasocialError(_not_one(action, account, drafts))
    for problem in drafts[0].errors():
        raise Refused(
            f"{action.id}: {drafts[0].wording!r} on {account.name} {problem.message} "
            f"({problem.code})"
        )
    return drafts[0]


def _not_one(action: Action, account: "Account", drafts: Sequence[Draft]) -> str:
    if not drafts:
        return f"{action.id}: has no wording for the account {account.name!r}"
    names = ", ".join(draft.wording for draft in drafts)
    return (
        f"{action.id}: has several wordings for the account {account.name!r}: choose one with "
        f"--wording: {names}"
    )


def _assert_sayable(action: Action, text: str, when: datetime) -> None:
    """Raise Refused where the ledger would not let *text* go: a word, a name without consent."""
    for word, starts in stopping.words_of(action, when):
        if (starts is None or starts <= when) and holds(text, word):
            raise Refused(
                f"{action.id}: the post holds {word!r}, which is not to be posted, or not without "
                "consent"
            )


# --- pictures ----------------------------------------------------------------------------------


def _alts(action: Action, language: str, wish: Wish) -> tuple[str, ...]:
    """Return the alt text of each picture, given or the case's own; raise where one is missing."""
    if wish.alts:
        if len(wish.alts) != len(wish.media):
            raise UasocialError("give --alt once for each --media, in their order")
        return tuple(" ".join(alt.split()) for alt in wish.alts)
    known = action.words[language].alt
    for path in wish.media:
        if not known.get(path.stem, "").strip():
            raise UasocialError(
                f"{path}: has no alt text: write it into {language}.yaml under `alt: {path.stem}:`,"
                " or give --alt"
            )
    return tuple(" ".join(known[path.stem].split()) for path in wish.media)


def _assert_alts(alts: Iterable[str], limits: PictureLimits, name: str) -> None:
    for alt in alts:
        if not alt:
            raise UasocialError("--alt is empty: say what is in the picture")
        if utf16_units(alt) > limits.alt:
            raise UasocialError(
                f"the alt text is {utf16_units(alt) - limits.alt} too long for {name}: it takes "
                f"{limits.alt:,}"
            )


def _pictures(
    action: Action, media: Sequence[Path], limits: PictureLimits, name: str
) -> tuple[Picture, ...]:
    if len(media) > limits.count:
        raise UasocialError(f"{name}: takes {limits.count} pictures, and {len(media)} were given")
    return tuple(read_picture(_file(action, path), limits) for path in media)


def _file(action: Action, path: Path) -> Path:
    """Return the file, or the one of that name in the case's folder of media."""
    own = action.folder / "media" / path
    return path if path.is_file() or path.is_absolute() or not own.is_file() else own


def _warnings(
    action: Action, draft: Draft, pictures: Sequence[Picture], day: date
) -> Iterable[str]:
    yield from (f"{problem.code} {problem.message}" for problem in draft.problems)
    people = [p for p in action.facts.people if "photo" not in consents(p, day) and not p.group]
    if pictures and people:
        names = ", ".join(person.name for person in people)
        yield f"P004 no consent to `photo` of {names}: look that no picture shows them"


# --- the post ----------------------------------------------------------------------------------


def make_post(  # noqa: PLR0913, PLR0917 - all that a post is made of
    kit: "Toolkit",
    action: Action,
    account: "Account",
    draft: Draft,
    pictures: Sequence[Picture],
    alts: Sequence[str],
    by: str,
) -> Post:
    """Make the post of a draft, which never changes from then on; *kit* is at its moment."""
    media = tuple(
        Media(
            sha256=hashlib.sha256(one.data).hexdigest(),
            type=one.type,
            alt=alt,
            width=one.width,
            height=one.height,
        )
        for one, alt in zip(pictures, alts, strict=True)
    )
    facts = action.facts
    zones = zones_of(action, kit.now.tzinfo)
    # Once it has ended, what tells of the end is bound to no deadline any more.
    bound = facts.ended is None
    until = draft.valid_until if bound else None
    return Post(
        id=uuid.uuid4().hex,
        action=action.id,
        language=draft.language,
        countries=tuple(facts.countries),
        platform=draft.platform,
        account=account.name,
        occasion=draft.occasion,
        wording=draft.wording,
        text=draft.text,
        link=draft.link,
        media=media,
        case_version=_case_version(action),
        true_until=end_of_day(until, zones) if until else None,
        embargo=facts.embargo,
        last_moment=end_of_day(facts.last_day, zones) if bound else None,
        created_at=kit.actual,
        created_by=by,
        sha256=digest_of(account.name, draft.text, media),
    )


def _case_version(action: Action) -> str:
    """Return a digest of the case's files."""
    version = hashlib.sha256()
    for path in sorted(action.folder.glob("*.yaml")):
        data = path.read_bytes()
        version.update(f"{path.name}\0{len(data)}\0".encode())
        version.update(data)
    return version.hexdigest()


# --- on the ledger -----------------------------------------------------------------------------


def plan(
    kit: "Toolkit", ledger: "Ledger", action: Action, going: Sequence[Outgoing], wish: Wish
) -> list[str]:
    """Put orders on the ledger, all of them or none; return the ids of their deliveries."""
    with ledger.write() as connection:
        now = ledger.now(connection)
        words = stopping.words_of(action, kit.now)
        controls.set_words(ledger, connection, action.id, words, wish.by)
        for one in going:
            if not wish.again:
                _assert_new(connection, one)
            for picture in one.pictures:
                keep_media(connection, picture.data, picture.type)
        moments = [one.at if wish.at else now for one in going]
        orders = [
            deliveries.Order(one.post, moment, wish.by, one.state)
            for one, moment in zip(going, moments, strict=True)
        ]
        planned = deliveries.plan(ledger, connection, orders)
        for delivery, moment in zip(planned, moments, strict=True):
            deciding.allowed(ledger, connection, delivery, moment)
    return planned


def _assert_new(connection: "Connection", one: Outgoing) -> None:
    before = queue.said_before(connection, one.account.name, one.post.sha256)
    if before:
        raise Refused(
            f"{one.account.name}: says these very words already ({before[: queue.SHORT]}); choose "
            "another wording, or say --again"
        )


def checked_permalink(text: str) -> str:
    """Return a post's address, as a person gives it; raise where it is none."""
    if len(text) > MAX_PERMALINK or not _is_address(text):
        raise UasocialError(
            f"{printable(text[:100])!r} is no address of a post: copy it whole, with https://"
        )
    return text


def _is_address(text: str) -> bool:
    if not text.isprintable() or _STRANGE.search(text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and parts.username is None
