"""What became of each delivery of a storm, as the ledger has it and as its network shows it."""

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import sqlalchemy as sa

from uasocial.outbox.tables import attempts, deliveries, posts, records
from uasocial.testing.contract import Seen

from .storm import Site, Storm

Row = sa.Row[Any]


class Fate(NamedTuple):
    """A delivery; *seen* is its text, live, as often as it is; *before* is what it answers."""

    row: Row
    site: Site
    seen: list[Seen]
    reviewed: bool
    before: str | None

    @property
    def said(self) -> str:
        return f"{self.row.text}: {self.row.state} {self.row.why or ''}"

    @property
    def is_sent(self) -> bool:
        return self.row.state == "sent"


def fates(storm: Storm) -> list[Fate]:
    """List them in the order in which they were planned at last."""
    seen = {name: site.network.seen() for name, site in storm.sites.items()}
    with storm.ledger.read() as connection:
        query = sa.select(deliveries, posts.c.text, posts.c.media, posts.c.action)
        query = query.join(posts, posts.c.id == deliveries.c.post)
        rows = connection.execute(query.order_by(deliveries.c.planned_for, deliveries.c.seq)).all()
        left = sa.select(records.c.delivery).where(records.c.kind == "review")
        # A stop also ends what waits for a person; that it may be live stands on record.
        reviewed = set(connection.scalars(left))
    ids = {row.id: row.remote_id for row in rows}
    return [
        Fate(
            row,
            storm.sites[row.account],
            [one for one in seen[row.account] if one.text == row.text],
            row.id in reviewed,
            ids.get(row.answers),
        )
        for row in rows
    ]


def wrong(storm: Storm) -> dict[str, list[str]]:
    """Return the texts to which happened what must not be, by what that is."""
    all_of_them = fates(storm)
    found = {
        what: [fate.said for fate in all_of_them if is_so(fate)] for what, is_so in _WRONG.items()
    }
    found["unheard of"] = _unheard_of(storm, all_of_them)
    found["out of order"] = [text for name in storm.sites for text in _disordered(storm, name)]
    found["after the stop"] = _after_stop(storm)
    return {what: texts for what, texts in found.items() if texts}


def _is_lost(fate: Fate) -> bool:
    """Tell whether the ledger and the network disagree about a delivery."""
    row, is_live = fate.row, bool(fate.seen)
    if row.state == "review" or (row.state == "cancelled" and fate.reviewed):
        return is_live and row.state == "review" and not row.why.startswith("it may be live")
    return is_live != fate.is_sent


def _is_early(fate: Fate) -> bool:
    return fate.is_sent and (fate.row.marked_at or fate.row.sent_at) < fate.row.planned_for


def _is_undecided(fate: Fate) -> bool:
    """Nothing here is refused; and where a post can be looked up, nobody need be asked."""
    ends = {"sent", "cancelled"}
    if fate.site.place.promise == "neither":
        ends.add("review")
    elif fate.row.why and "answers" in fate.row.why:
        # What came before it was cancelled, or moved behind it.
        ends.add("review")
    return fate.row.state not in ends


def _is_misnamed(fate: Fate) -> bool:
    told = fate.is_sent and fate.seen and fate.site.place.tells_ids
    return bool(told and fate.seen[0].remote_id != fate.row.remote_id)


def _is_adrift(fate: Fate) -> bool:
    told = fate.is_sent and fate.seen and fate.site.place.kind.can_thread
    return bool(told and fate.seen[0].answers != fate.before)


def _has_other_pictures(fate: Fate) -> bool:
    shows = fate.site.place.shows_alts
    alts = tuple(one["alt"] if shows else "" for one in fate.row.media)
    return any(one.alts != alts for one in fate.seen)


_WRONG: dict[str, Callable[[Fate], bool]] = {
    "doubled": lambda fate: len(fate.seen) > 1,
    "lost": _is_lost,
    "too early": _is_early,
    "in no right end": _is_undecided,
    "under another id": _is_misnamed,
    "answers something else": _is_adrift,
    "with other pictures": _has_other_pictures,
}


def _unheard_of(storm: Storm, known: list[Fate]) -> list[str]:
    """Return what is live, and no text of the ledger."""
    texts = {(fate.row.account, fate.row.text) for fate in known}
    live = [(name, one.text) for name, site in storm.sites.items() for one in site.network.seen()]
    return [text for name, text in live if (name, text) not in texts]


def _disordered(storm: Storm, name: str) -> list[str]:
    """Return what an account published before something that was planned for an earlier moment.

    What bears the moment at which it was made ready still bears it when it was moved since.
    """
    place, network = storm.sites[name].place, storm.sites[name].network
    moments = place.moments(network)
    texts = [
        fate.row.text
        for fate in fates(storm)
        if fate.row.account == name
        and fate.is_sent
        and fate.row.text in moments
        and not (place.bears and fate.row.id in storm.moved)
    ]
    pairs = pairwise(texts)
    return [later for before, later in pairs if moments[later] < moments[before]]


def _after_stop(storm: Storm) -> list[str]:
    with storm.ledger.read() as connection:
        stops = connection.execute(sa.select(records).where(records.c.kind == "stop")).all()
        ends = {row.data["name"]: row.seq for row in stops}
        marks = connection.execute(
            sa.select(records.c.seq, posts.c.action, posts.c.text)
            .join(deliveries, deliveries.c.id == records.c.delivery)
            .join(posts, posts.c.id == deliveries.c.post)
            .where(records.c.kind == "sending")
        ).all()
    return [mark.text for mark in marks if mark.seq > ends.get(mark.action, mark.seq)]


def struck(storm: Storm) -> Counter[str]:
    """Count what workers met with, by step and outcome."""
    with storm.ledger.read() as connection:
        told = sa.select(attempts.c.step, attempts.c.outcome, sa.func.count())
        rows = connection.execute(told.group_by(attempts.c.step, attempts.c.outcome)).all()
    return Counter({f"{step} {what}": count for step, what, count in rows})


def report(storm: Storm, seconds: float) -> str:
    """Say in a line what was done; shown with -s, and by a test that fails."""
    states = Counter(fate.row.state for fate in fates(storm))
    known = (storm.done, states, struck(storm))
    told = " | ".join(", ".join(f"{k} {v}" for k, v in sorted(one.items())) for one in known)
    return f"{storm.count} deliveries, {seconds:.0f} s: {told}\n"
