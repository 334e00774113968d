"""The handles of a case: whose each is now, held against the id that stays with an account."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from uasocial.accounts import Account, open_account
from uasocial.errors import UasocialError, printable
from uasocial.model import Action, Draft, tree, writing
from uasocial.model.kinds import HandleId
from uasocial.model.post import Mention
from uasocial.platforms.publisher import Profile, Publisher
from uasocial.secrets import Keyring
from uasocial.words import handles_in

if TYPE_CHECKING:
    from pathlib import Path

    from uasocial.model import Facts

__all__ = ["Listed", "Looked", "Outcome", "listed", "look_up", "mentions_of", "write"]

Outcome = Literal["same", "new", "gone", "changed", "unknown"]

# What a network says of an account may hold anything.
MAX_SAID = 300


class Listed(NamedTuple):
    """A handle that a case lists on a platform; *id* is what is on record of it, or ``""``.

    *of* is the holder's name, and *at* the place in `action.yaml` where its id belongs.
    """

    platform: str
    handle: str
    of: str
    id: str
    at: tuple[str | int, ...]


class Looked(NamedTuple):
    """What became of a handle: *found* is whose it is now, *said* why nobody can tell."""

    listed: Listed
    account: str
    outcome: Outcome
    found: Profile | None = None
    said: str = ""


def listed(facts: "Facts", day: date) -> Iterator[Listed]:
    """Yield each handle that a post may mention on that day."""
    at: tuple[str | int, ...]
    for t, target in enumerate(facts.targets):
        holder = target.holder(day)
        if holder is None:
            continue
        h = target.holders.index(holder)
        for platform, handle in holder.handles.items():
            at = ("targets", t, "holders", h, "handle_ids", platform)
            known = holder.handle_ids.get(platform, "")
            yield Listed(platform, handle, holder.name, known, at)
    for platform, handles in facts.mentions.items():
        ids = facts.mention_ids.get(platform, {})
        for handle in handles:
            at = ("mention_ids", platform, handle)
            yield Listed(platform, handle, "mentions", ids.get(handle, ""), at)


def mentions_of(action: Action, draft: Draft, day: date) -> tuple[Mention, ...]:
    """Return the accounts that the text of a draft mentions, in their order, each with its id."""
    if not draft.handles:
        return ()
    here = (one for one in listed(action.facts, day) if one.platform == draft.handles)
    known = {one.handle.casefold(): Mention(handle=one.handle, id=one.id) for one in here}
    found = (known.get(handle.casefold()) for handle in handles_in(draft.text))
    return tuple(dict.fromkeys(one for one in found if one))


# --- looked up ---------------------------------------------------------------------------------


def look_up(action: Action, day: date, accounts: Iterable[Account]) -> list[Looked]:
    """Look each handle up through the first of *accounts* on its platform that can."""
    wanted = list(listed(action.facts, day))
    chosen: dict[str, Account] = {}
    for one in accounts:
        if one.kind is not None and one.kind.can_resolve:
            chosen.setdefault(one.stated.platform, one)
    found: list[Looked] = []
    for platform, account in chosen.items():
        here = [one for one in wanted if one.platform == platform]
        if here:
            found += _through(account, here)
    return found


def _through(account: Account, wanted: list[Listed]) -> Iterator[Looked]:
    try:
        publisher = open_account(account, Keyring())
    except Exception as error:  # noqa: BLE001 - a plugin may raise anything
        said = _line(error, account.name)
        yield from (Looked(one, account.name, "unknown", said=said) for one in wanted)
        return
    try:
        for one in wanted:
            yield _looked(publisher, account.name, one)
    finally:
        publisher.close()


def _looked(publisher: Publisher, account: str, one: Listed) -> Looked:
    try:
        found: object = publisher.resolve(one.handle)
    except Exception as error:  # noqa: BLE001 - whatever it is, nobody can tell now
        return Looked(one, account, "unknown", said=_line(error, account))
    if found is None:
        return Looked(one, account, "gone")
    if not isinstance(found, Profile) or not _is_id(found.id):
        return Looked(one, account, "unknown", said="its publisher gave no id that a case can hold")
    if not one.id:
        return Looked(one, account, "new", found)
    return Looked(one, account, "same" if found.id == one.id else "changed", found)


def _is_id(said: object) -> bool:
    """Tell whether a case may hold that id: whoever answers may say anything."""
    try:
        return bool(msgspec.convert(said, HandleId)) and f"{said}".isprintable()
    except msgspec.ValidationError:
        return False


def _line(error: Exception, account: str) -> str:
    said = str(error) if isinstance(error, UasocialError) else f"{type(error).__name__}: {error}"
    return printable(" ".join(said.split()).removeprefix(f"{account}: ")[:MAX_SAID])


# --- written -----------------------------------------------------------------------------------


def write(action: Action, looked: Iterable[Looked]) -> int:
    """Write the ids that are new into `action.yaml`, and nothing else; return how many."""
    new = [one for one in looked if one.outcome == "new" and one.found]
    if not new:
        return 0
    path = action.folder / "action.yaml"
    content = _content(path)
    for one in new:
        *keys, last = one.listed.at
        if one.found:
            _reached(content, keys)[last] = one.found.id
    writing.edit(path, {key: content[key] for key in ("targets", "mention_ids") if key in content})
    return len(new)


def _content(path: "Path") -> Any:
    """Return the keys of a file, as they stand there, to change them."""
    found = tree.read(path).value
    if not isinstance(found, dict):
        raise UasocialError(f"{path}: holds no keys")
    return _copied(found)


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(inner) for key, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list) else value


def _reached(content: Any, keys: Iterable[str | int]) -> Any:
    """Return the mapping at *keys*, made where it is not there yet."""
    for key in keys:
        content = content[key] if isinstance(key, int) else content.setdefault(key, {})
    return content
