"""All cases as a build finds them: looked at, or known from the last one and unchanged."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from uasocial.errors import UasocialError, printable
from uasocial.site.building import signing
from uasocial.site.building.manifest import KnownCase
from uasocial.site.building.previous import Previous
from uasocial.site.cards import Card, as_json, told_again
from uasocial.site.looking import SILENT, fault_of_files, look_safely, unreadable
from uasocial.text.file_names import fault_of_name, same_name

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
    """All cases; *said* is on those of which nothing is public, and *hidden* counts them.

    *clashes* says of cases why they cannot stand beside another one.
    """

    entries: list[Entry]
    said: list[str]
    hidden: int
    clashes: dict[str, str]


def gather(
    site: "Site", previous: Previous, *, anew: bool, step: Callable[[int, int], None]
) -> Gathered:
    """Look at all cases.

    *anew* is whether something has changed on which all of them depend. *step* is told how far it
    is: half of the way at the end.
    """
    actions = site.kit.project.actions
    if not actions.is_dir():
        raise UasocialError(printable(f"{actions}: is no folder, and actions stand there"))
    names = site.kit.action_ids()
    found = Gathered([], [], 0, {})
    for number, name in enumerate(names):
        step(number, 2 * len(names))
        known = None if anew else previous.manifest.cases.get(name)
        entry = _entry(site, previous, name, known)
        if isinstance(entry, Entry):
            found.entries.append(entry)
        else:
            found.said.extend(entry)
    clashes = dict(_clashes(site, [entry.card for entry in found.entries]))
    return found._replace(hidden=len(names) - len(found.entries), clashes=clashes)


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
    before = previous.manifest.cases.get(name)
    card = looked.card and _as_kept(looked.card)
    # A rehearsal tells nobody anything, and its clock goes back.
    if card and before and not site.kit.rehearsal:
        card = told_again(card, before.card, site.kit.now.date())
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


def _clashes(site: "Site", cards: Iterable[Card]) -> Iterator[tuple[str, str]]:
    """Yield the later of two cases with one number, or one folder on some disk, and why."""
    numbers: dict[str, Card] = {}
    folders: dict[str, str] = {}
    for card in cards:
        other = numbers.setdefault(same_name(card.number), card) if card.number else card
        if other is not card:
            yield (
                card.id,
                printable(
                    f"{_where(site, card)}: states the number {card.number}, as "
                    f"{_where(site, other)} does: an action has a number of its own"
                ),
            )
        twin = folders.setdefault(same_name(card.id), card.id)
        if twin != card.id:
            yield (
                card.id,
                printable(
                    f"{site.kit.project.actions}: {twin} and {card.id} are one folder on disks and "
                    "hosts that tell no capitals apart: rename one"
                ),
            )


def _where(site: "Site", card: Card) -> str:
    """Return the file and the line at which a case states its number."""
    place = site.kit.action(card.id).place("", ("number",), "")
    return str(place).removesuffix(": ")
