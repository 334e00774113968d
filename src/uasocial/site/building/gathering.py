"""All cases as a build finds them: looked at, or known from the last one and unchanged."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from uasocial.errors import UasocialError, printable
from uasocial.site.building import signing
from uasocial.site.building.manifest import KnownCase, as_json
from uasocial.site.building.previous import Previous
from uasocial.site.cards import Card
from uasocial.site.looking import SILENT, fault_of_files, look_safely, unreadable
from uasocial.site.names import fault_of_name, first_pair, same_name

if TYPE_CHECKING:
    from uasocial.site.contents import Site

__all__ = ["Entry", "Gathered", "assert_unchanged", "gather"]


class Entry(NamedTuple):
    """A case that is public; *known* is what was made of it, where nothing of it has changed.

    *signature* is that of its files when they were looked at, *said* what may not be shown, a line
    each.
    """

    card: Card
    signature: str
    until: datetime
    said: tuple[str, ...] = ()
    known: KnownCase | None = None


class Gathered(NamedTuple):
    """All cases; *said* is on those of which nothing is public, and *hidden* counts them."""

    entries: list[Entry]
    said: list[str]
    hidden: int


def gather(
    site: "Site", previous: Previous, *, anew: bool, step: Callable[[int, int], None]
) -> Gathered:
    """Look at all cases; raise UasocialError where two of them could not stand side by side.

    *anew* is whether something has changed on which all of them depend. *step* is told how far it
    is: half of the way at the end.
    """
    actions = site.kit.project.actions
    if not actions.is_dir():
        raise UasocialError(printable(f"{actions}: is no folder, and actions stand there"))
    names = site.kit.action_ids()
    found = Gathered([], [], 0)
    for number, name in enumerate(names):
        step(number, 2 * len(names))
        known = None if anew else previous.manifest.cases.get(name)
        entry = _entry(site, previous, name, known)
        if isinstance(entry, Entry):
            found.entries.append(entry)
        else:
            found.said.extend(entry)
    _assert_apart(site, [entry.card for entry in found.entries])
    return found._replace(hidden=len(names) - len(found.entries))


def assert_unchanged(site: "Site", entry: Entry) -> None:
    """Raise where a case has changed since it was looked at: its card says what is so no more."""
    folder = site.kit.project.actions / entry.card.id
    if entry.signature and signing.of_case(folder) != entry.signature:
        raise UasocialError(
            printable(f"{folder}: was changed while the site was made: build it again")
        )


def _entry(
    site: "Site", previous: Previous, name: str, known: KnownCase | None
) -> Entry | tuple[str, ...]:
    """Return a case, or what is said where nothing of it is public."""
    fault = fault_of_name(name)
    if fault:
        return (printable(f"{name}: the name of its folder {fault}: rename it"),)
    signature, fault = _signed(site, name)
    if known and not fault and _holds(site, previous, known, signature):
        assert known.until is not None  # noqa: S101 - part of what holds
        return Entry(known.card, signature, known.until, _as_before(known), known)
    looked = unreadable(site, name, fault) if fault else look_safely(site, name)
    card = looked.card and _as_kept(looked.card)
    # Of one that was never public nobody knows whether it may be, not even its name.
    if card is None or (card.state == "unreadable" and not previous.had(name)):
        return looked.left_out
    return Entry(card, signature, looked.until, looked.left_out)


def _signed(site: "Site", name: str) -> tuple[str, str]:
    """Return the signature of a case, and what is wrong with its files themselves."""
    folder = site.kit.project.actions / name
    fault = fault_of_files(site.kit.project, folder)
    if fault:
        return "", fault
    try:
        return signing.of_case(folder), ""
    except OSError as error:
        return "", f"cannot be read: {error.strerror or error}"


def _holds(site: "Site", previous: Previous, known: KnownCase, signature: str) -> bool:
    return (
        known.until is not None
        and site.kit.now < known.until
        and known.signature == signature
        and known.card.state not in SILENT
        and previous.intact(known.files)
    )


def _as_before(known: KnownCase) -> tuple[str, ...]:
    """Say that something is left out; what it was is not kept, for it may be what nobody reads."""
    if not known.left_out:
        return ()
    parts = "1 part is" if known.left_out == 1 else f"{known.left_out} parts are"
    name = known.card.id
    return (f"{name}: {parts} left out, as at the last build: uasocial check {name}",)


def _as_kept(card: Card) -> Card:
    """Return a card as it comes out of the list of a site: a page must not tell the two apart."""
    return msgspec.json.decode(as_json(card), type=Card)


def _assert_apart(site: "Site", cards: Iterable[Card]) -> None:
    """Raise where two cases have one folder on some disk, or one number."""
    numbers: dict[str, Card] = {}
    names = []
    for card in cards:
        names.append(card.id)
        other = numbers.setdefault(same_name(card.number), card) if card.number else card
        if other is not card:
            raise UasocialError(
                printable(
                    f"{_where(site, card)}: states the number {card.number}, as "
                    f"{_where(site, other)} does: an action has a number of its own"
                )
            )
    pair = first_pair(names)
    if pair:
        raise UasocialError(
            printable(
                f"{site.kit.project.actions}: {pair[0]} and {pair[1]} are one folder on disks and "
                "hosts that tell no capitals apart: rename one"
            )
        )


def _where(site: "Site", card: Card) -> str:
    """Return the file and the line at which a case states its number."""
    place = site.kit.action(card.id).place("", ("number",), "")
    return str(place).removesuffix(": ")
