"""The cases of a project as they were looked at, and looked at again when something has changed.

What changes is a file of a case, or the day: `Looked.until` says how long a card holds.
"""

import os
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from uasocial.errors import printable
from uasocial.site.cards import Card, Looked
from uasocial.site.looking import Kit, fault_of_files, look_safely, unreadable
from uasocial.site.serving.seen import Seen, see
from uasocial.text.file_names import fault_of_name

if TYPE_CHECKING:
    from uasocial.site.contents import Site

__all__ = ["CurrentCards", "Known"]

# For how long it is not looked whether another case has become a neighbour.
SWEEP = timedelta(seconds=5)


class Known(NamedTuple):
    """A case that was looked at; it holds up to *until* on this *day*, while no file changes.

    *card* is None where nothing of it is public; it is another one each time that it is made.
    *said* is what may not be shown, and why.
    """

    seen: Seen
    card: Card | None
    said: tuple[str, ...]
    day: date
    until: datetime


class CurrentCards:
    """The cards of the cases of *kit*; *log* is told, a line each, what is left out, and why.

    *shown* names the cases that were public when they could be read last: of another one that
    cannot be read it is not told that it exists.
    """

    def __init__(self, kit: Kit, site: "Site", shown: set[str], log: Callable[[str], None]) -> None:
        self._kit = kit
        self._site = site
        self._shown = shown
        self._log = log
        self._known: dict[str, Known] = {}
        self._rough: list[Card] = []
        self._swept: datetime | None = None

    def everyone(self) -> list[Card]:
        """Return the cards of all cases that are public, in the order of their names."""
        names = self._names()
        for name in self._known.keys() - names:
            del self._known[name]
        self._shown &= names
        found = [self._current(name).card for name in sorted(names)]
        return [card for card in found if card is not None]

    def one(self, name: str) -> Card | None:
        """Return the card of the case *name*, or None; the name may be anything."""
        # It is looked up, and never made a path of: whoever asks reaches no other folder.
        return self._current(name).card if name in self._names() else None

    def neighbours(self, card: Card) -> tuple[Card, ...]:
        """Return the neighbours of *card* as they are now.

        A case that becomes one is found some seconds later: else each page would wait for all.
        """
        now = self._kit.actual
        if self._swept is None or abs(now - self._swept) > SWEEP:
            self._rough = self._sweep()
            self._swept = now
        near = (self.one(one.id) for one in self._site.neighbours(card, self._rough))
        return self._site.neighbours(card, [one for one in near if one is not None])

    def _sweep(self) -> list[Card]:
        """Return all cards whose files are as they were, though the day may be another.

        They may tell whom a case names, and must not be shown.
        """
        found = (self._current(name, or_older=True).card for name in sorted(self._names()))
        return [card for card in found if card is not None]

    def _names(self) -> set[str]:
        try:
            names = os.listdir(self._kit.project.actions)  # noqa: PTH208 - names are enough
        except OSError:
            return set()
        return {name for name in names if not name.startswith(".")}

    def _current(self, name: str, *, or_older: bool = False) -> Known:
        seen = see([self._kit.project.actions / name], self._kit.actual.timestamp())
        known = self._known.get(name)
        in_time = known is not None and (self._holds(known) or (or_older and known.card))
        if known is None or not in_time or not known.seen.holds(seen):
            known = self._looked_at(name, seen, known.said if known else ())
        # What was fresh when it was looked at may have settled.
        self._known[name] = known._replace(seen=seen)
        return known

    def _holds(self, known: Known) -> bool:
        # A rehearsal stands still; what may be said up to some day does not.
        return self._kit.now < known.until and self._kit.actual.date() == known.day

    def _looked_at(self, name: str, seen: Seen, said: tuple[str, ...]) -> Known:
        """Look at a case anew, and tell what is left out of it, unless that was *said*."""
        self._kit.forget(name)
        looked = self._look(name)
        if looked.left_out != said:
            for line in looked.left_out:
                self._log(line)
        return Known(seen, looked.card, looked.left_out, self._kit.actual.date(), looked.until)

    def _look(self, name: str) -> Looked:
        fault = fault_of_name(name)
        if fault:
            said = printable(f"{name}: the name of its folder {fault}: rename it")
            return Looked(None, (said,), self._kit.now)
        looked = self._look_at_files(name)
        if looked.card is None:
            self._shown.discard(name)
        elif looked.card.state != "unreadable":
            self._shown.add(name)
        elif name not in self._shown:
            # Nobody knows whether it may be public: it is as one that is not there.
            return looked._replace(card=None)
        return looked

    def _look_at_files(self, name: str) -> Looked:
        stray = fault_of_files(self._kit.project, self._kit.project.actions / name)
        if not stray:
            return look_safely(self._site, name)
        # Up to a change of its files, which is noticed.
        tomorrow = self._kit.now + timedelta(days=1)
        return unreadable(self._site, name, stray)._replace(until=tomorrow)
