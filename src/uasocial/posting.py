"""A draft made a post: rendered for its account and moment, with its pictures and its mentions."""

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from uasocial import learned, stopping
from uasocial.day_ends import end_of_day, midnight_after, zones_of
from uasocial.errors import Refused, UasocialError
from uasocial.handles import mentions_of
from uasocial.model import Action, Draft
from uasocial.model.post import Media, Post, digest_of
from uasocial.outbox.pictures import Picture, read_picture
from uasocial.platforms.counting import measure
from uasocial.platforms.pictures import PictureLimits, picture_limits
from uasocial.text.names import holds
from uasocial.text.units import utf16_units
from uasocial.words import handles_in

if TYPE_CHECKING:
    from uasocial.accounts import Account
    from uasocial.platforms.publisher import ServerLimits
    from uasocial.toolkit import Toolkit

__all__ = [
    "alts_for",
    "assert_beside",
    "assert_sayable",
    "at_moment",
    "case_version",
    "draft_for",
    "instance_of",
    "limits_for",
    "make_post",
    "media_of",
    "pictures_for",
    "without_handles",
]


def at_moment(kit: "Toolkit", account: "Account", when: datetime) -> "Toolkit":
    """Return a toolkit as of *when*, with what the account's own server says where it has one."""
    moment = when.astimezone(kit.now.tzinfo)
    instance = instance_of(kit, account)
    return type(kit)(kit.project, moment, actual=kit.actual, instance=instance)


def instance_of(kit: "Toolkit", account: "Account") -> "ServerLimits | str | None":
    """Return what an account's own server has said, else its name; None where it has none."""
    said = learned.limits_of(kit.project, account.name)
    return said or account.stated.settings.get("instance")


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
    _assert_right(action, account, drafts[0])
    return drafts[0]


def _not_one(action: Action, account: "Account", drafts: Sequence[Draft]) -> str:
    if not drafts:
        return f"{action.id}: has no wording for the account {account.name!r}"
    names = ", ".join(draft.wording for draft in drafts)
    return (
        f"{action.id}: has several wordings for the account {account.name!r}: choose one with "
        f"--wording: {names}"
    )


def _assert_right(action: Action, account: "Account", draft: Draft, how: str = "") -> None:
    for problem in draft.errors():
        raise Refused(
            f"{action.id}: {draft.wording!r}{how} on {account.name} {problem.message} "
            f"({problem.code})"
        )


def without_handles(kit: "Toolkit", action: Action, account: "Account", draft: Draft) -> str | None:
    """Return the wording of a draft with names in place of handles; None where it mentions nobody.

    It is measured and checked as the draft is. Raise UasocialError where there is no such form.
    """
    if not mentions_of(action, draft, kit.today(action)):
        return None
    platform = kit.platform(draft.platform)
    known = kit.wordings.find(action, draft.language, platform.name, draft.occasion)
    if any(one.id == draft.wording and one.template is None for one in known):
        raise UasocialError(
            f"{action.id}: {draft.wording!r} is a literal text, and has no other form without its "
            "handles: make it a template, or leave --without-handle out"
        )
    bare = replace(platform, handles="")
    other = kit.draft(action, draft.language, bare, draft.occasion, draft.wording)
    for handle in handles_in(other.text):
        raise UasocialError(
            f"{action.id}: {draft.wording!r} mentions @{handle} by itself, and not by `mention`: "
            "there is no form of it without handles; leave --without-handle out"
        )
    _assert_right(action, account, other, ", without its handles,")
    return other.text


def assert_sayable(action: Action, texts: Iterable[str], when: datetime) -> None:
    """Raise Refused where the ledger would not let a text go: a word, a name without consent."""
    text = "\n".join(texts)
    for word, starts in stopping.words_of(action, when):
        if (starts is None or starts <= when) and holds(text, word):
            raise Refused(
                f"{action.id}: the post holds {word!r}, which is not to be posted, or not without "
                "consent"
            )


# --- pictures ----------------------------------------------------------------------------------


def limits_for(kit: "Toolkit", account: "Account") -> PictureLimits:
    """Return what pictures an account takes: by its platform, its server and its publisher."""
    most = account.kind.media if account.kind else None
    said = learned.limits_of(kit.project, account.name)
    return picture_limits(account.stated.platform, most, said)


def alts_for(
    action: Action, language: str, media: Sequence[Path], given: Sequence[str]
) -> tuple[str, ...]:
    """Return the alt text of each picture, given or the case's own; raise where one is missing."""
    if given:
        if len(given) != len(media):
            raise UasocialError("give --alt once for each --media, in their order")
        return tuple(" ".join(alt.split()) for alt in given)
    known = action.words[language].alt
    for path in media:
        if not known.get(path.stem, "").strip():
            raise UasocialError(
                f"{path}: has no alt text: write it into {language}.yaml under `alt: {path.stem}:`,"
                " or give --alt"
            )
    return tuple(" ".join(known[path.stem].split()) for path in media)


def pictures_for(
    action: Action, media: Sequence[Path], alts: Sequence[str], limits: PictureLimits, name: str
) -> tuple[Picture, ...]:
    """Read and size the pictures for the account *name*; raise where it does not take them."""
    _assert_alts(alts, limits, name)
    if len(media) > limits.count:
        most = {0: "no pictures", 1: "1 picture"}.get(limits.count, f"{limits.count} pictures")
        raise UasocialError(f"{name}: takes {most}, and {len(media)} were given")
    return tuple(read_picture(_file(action, path), limits) for path in media)


def _assert_alts(alts: Iterable[str], limits: PictureLimits, name: str) -> None:
    for alt in alts:
        if not alt:
            raise UasocialError("--alt is empty: say what is in the picture")
        if utf16_units(alt) > limits.alt:
            raise UasocialError(
                f"the alt text is {utf16_units(alt) - limits.alt} too long for {name}: it takes "
                f"{limits.alt:,}"
            )


def assert_beside(kit: "Toolkit", account: "Account", texts: Iterable[str]) -> None:
    """Raise UasocialError for a text that is too long to stand beside pictures on *account*."""
    most = limits_for(kit, account).text
    if most is None:
        return
    platform = kit.platform(account.stated.platform)
    for text in texts:
        length = measure(text, replace(platform.default, length=most)).length
        if length > most:
            raise UasocialError(
                f"{account.name}: with pictures a text on {platform.label} has at most {most:,} "
                f"characters, and this has {length:,}: choose a shorter wording, or leave the "
                "pictures out"
            )


def _file(action: Action, path: Path) -> Path:
    """Return the file, or the one of that name in the case's folder of media."""
    own = action.folder / "media" / path
    return path if path.is_file() or path.is_absolute() or not own.is_file() else own


def media_of(pictures: Sequence[Picture], alts: Sequence[str]) -> tuple[Media, ...]:
    """Return the pictures as a post has them, each with its alt text."""
    return tuple(
        Media(
            sha256=hashlib.sha256(one.data).hexdigest(),
            type=one.type,
            alt=alt,
            width=one.width,
            height=one.height,
        )
        for one, alt in zip(pictures, alts, strict=True)
    )


# --- the post ----------------------------------------------------------------------------------


def make_post(  # noqa: PLR0913 - all that a post is made of
    kit: "Toolkit",
    action: Action,
    account: "Account",
    draft: Draft,
    by: str,
    *,
    media: tuple[Media, ...] = (),
    without: str | None = None,
    answers: str | None = None,
    version: str = "",
) -> Post:
    """Make the post of a draft, which never changes from then on; *kit* is at its moment.

    *answers* is the id of the post before it in a thread, *without* its words without handles.
    *version* is that of the case, where it is known already.
    """
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
        content_warning=draft.content_warning,
        answers=answers,
        mentions=mentions_of(action, draft, kit.today(action)),
        without=without,
        number=str(facts.number or ""),
        case_version=version or case_version(action),
        true_from=_true_from(kit, action, draft, zones) if bound else None,
        true_until=end_of_day(until, zones) if until else None,
        embargo=facts.embargo,
        last_moment=end_of_day(facts.last_day, zones) if bound else None,
        created_at=kit.actual,
        created_by=by,
        sha256=digest_of(account.name, draft.text, media),
    )


def _true_from(
    kit: "Toolkit", action: Action, draft: Draft, zones: Sequence[tzinfo]
) -> datetime | None:
    """Return when the day begins that a text counts days on; None where it speaks of none."""
    today = kit.today(action)
    if draft.occasion != "last-day" and draft.valid_until != today:
        return None
    if draft.occasion != "last-day" and today == action.facts.last_day:
        # It ends with the action, whether it counts days or not.
        found = kit.wordings.find(action, draft.language, draft.platform, draft.occasion)
        if not any(one.id == draft.wording and one.says_days for one in found):
            return None
    return midnight_after(today - timedelta(days=1), zones)


def case_version(action: Action) -> str:
    """Return a digest of the case's files."""
    version = hashlib.sha256()
    for path in sorted(action.folder.glob("*.yaml")):
        data = path.read_bytes()
        version.update(f"{path.name}\0{len(data)}\0".encode())
        version.update(data)
    return version.hexdigest()
