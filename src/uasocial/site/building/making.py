"""The site as a folder: made beside its place, of what has changed, and put there in one step."""

import errno
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from uasocial.errors import UasocialError, printable
from uasocial.site.building import manifest, signing
from uasocial.site.building.aside import Aside, beside
from uasocial.site.building.gathering import Entry, assert_unchanged, gather
from uasocial.site.building.manifest import KnownCase, Manifest
from uasocial.site.building.output import Output, guarded
from uasocial.site.building.place import place_of
from uasocial.site.building.previous import Previous
from uasocial.site.cards import Card
from uasocial.site.looking import SILENT, look_safely

if TYPE_CHECKING:
    from uasocial.site.contents import Site
    from uasocial.site.resource import Resource

__all__ = ["Built", "build"]

Step = Callable[[int, int], None]


class Built(NamedTuple):
    """What a build has done, or would do; *hidden* are the cases of which nothing is public.

    *made* and *removed* are paths in the site, *left_out* lines on what may not be shown. *faults*
    says which cases could not be made, where the site was not to wait for them.
    """

    open: int
    closed: int
    hidden: int
    made: tuple[str, ...]
    kept: int
    removed: tuple[str, ...]
    left_out: tuple[str, ...]
    faults: tuple[str, ...] = ()

    @property
    def pages(self) -> int:
        """How many of the files made are pages."""
        return sum(path.endswith(".html") for path in self.made)


def _quiet(_: int, __: int) -> None:
    """Tell nobody."""


def build(site: "Site", out: Path, *, dry_run: bool = False, step: Step = _quiet) -> Built:
    """Make the site in the folder *out*, in place of an older one; with *dry_run* only look.

    What stands there stays whole until the new one is; raise UasocialError where it cannot be
    made. *step* is told how many steps are done, and of how many.
    """
    place = place_of(out, site.kit.project)
    try:
        if dry_run:
            _assert_alike(site, Previous(place))
            return _Build(site, Previous(place), None, step, {}).run()[0]
        with beside(place) as aside:
            return _put(site, aside, step)
    except OSError as error:
        raise UasocialError(printable(f"{out}: {_said(error, place)}")) from None


def _put(site: "Site", aside: Aside, step: Step) -> Built:
    """Make the site and put it into its place.

    A fault in one case ends it, and the site from before stays; unless that one still hands out
    what another case has ended since. Then it must not wait: the case at fault is not available.
    """
    previous = Previous(aside.place)
    _assert_alike(site, previous)
    faults: dict[str, str] = {}
    while True:
        aside.begin()
        try:
            built, is_other = _Build(site, previous, aside.new, step, faults).run()
            break
        except _CaseError as fault:
            if not fault.holds_back:
                raise
            faults[fault.case] = str(fault)
            aside.mend()
    if is_other:
        aside.put()
    return built._replace(faults=tuple(faults.values()))


def _assert_alike(site: "Site", previous: Previous) -> None:
    """Raise where a rehearsal would take the place of a site, or a site that of a rehearsal."""
    before = previous.manifest
    if before.files and before.rehearsal != site.kit.rehearsal:
        what = "a rehearsal" if before.rehearsal else "a site, and this is a rehearsal"
        raise UasocialError(printable(f"{previous.folder}: holds {what}: name another folder"))


class _CaseError(UasocialError):
    """A case that cannot be made; *holds_back* tells whether another one must not wait for it."""

    def __init__(self, case: str, said: str, *, holds_back: bool) -> None:
        super().__init__(said)
        self.case = case
        self.holds_back = holds_back


def _said(error: OSError, place: Path) -> str:
    """Say what a system said, and where, unless that is in the site itself."""
    reason = error.strerror or str(error)
    where = Path(str(error.filename)) if error.filename else place
    if error.errno == errno.EBUSY:
        return "is where a disk is mounted, which cannot be exchanged: name a folder in it"
    if isinstance(error, PermissionError) and not where.exists():
        return f"cannot be made: {reason}: the site is made beside it, in {place.parent}"
    if where.is_relative_to(place.parent):
        return f"cannot be made: {reason}"
    return f"cannot be made: {where}: {reason}"


class _Build:
    """One build: what is public, as files in the folder *new*, or nowhere."""

    def __init__(
        self,
        site: "Site",
        previous: Previous,
        new: Path | None,
        step: Step,
        faults: Mapping[str, str],
    ) -> None:
        self._site = site
        self._faults = faults
        self._previous = previous
        self._step = step
        self._output = Output(previous, new)
        self._left_out: list[str] = []
        self._cases: dict[str, KnownCase] = {}

    def run(self) -> tuple[Built, bool]:
        """Make all files; return what was done, and whether the site is another now."""
        before = self._previous.manifest
        ground = signing.of_ground(self._site.kit, self._site.base)
        anew = before.ground != ground
        gathered = gather(self._site, self._previous, anew=anew, step=self._step)
        entries = [self._or_unavailable(entry) for entry in gathered.entries]
        everyone = [entry.card for entry in entries]
        self._left_out.extend(gathered.said)
        looked_at = len(everyone) + gathered.hidden
        for number, entry in enumerate(entries):
            self._step(looked_at + number, looked_at + len(everyone))
            try:
                self._of_case(entry, self._site.neighbours(entry.card, everyone))
            except UasocialError as error:
                name, late = entry.card.id, _tightened(before, everyone)
                raise _CaseError(name, str(error), holds_back=late) from error
        self._step(looked_at + len(everyone), looked_at + len(everyone))
        cards = signing.of_lists(everyone, self._site.kit.now.date())
        shared = self._of_all(everyone, same=not anew and cards == before.everyone)
        is_other = self._finish(ground, cards, shared)
        closed = sum(not card.is_open for card in everyone)
        counts = (len(everyone) - closed, closed, gathered.hidden)
        return self._built(counts), is_other

    def _or_unavailable(self, entry: Entry) -> Entry:
        """Return a case as it was found, or as one that cannot be read where it is at fault."""
        if entry.card.id not in self._faults:
            return entry
        card = Card(id=entry.card.id, state="unreadable", updated=self._site.kit.now.date())
        return Entry(card, "", entry.until)

    def _of_case(self, entry: Entry, neighbours: Sequence[Card]) -> None:
        signed = signing.of_cards(neighbours)
        known = entry.known
        if known and known.neighbours == signed:
            for path in known.files:
                self._output.keep(path)
            self._cases[entry.card.id] = known
            self._left_out.extend(entry.said)
            return
        # What is left out of it was not kept with its card.
        said = list(look_safely(self._site, entry.card.id).left_out if known else entry.said)
        mark = len(self._said_so_far)
        files = self._made(entry.card.id, lambda: self._site.of_case(entry.card, neighbours))
        assert_unchanged(self._site, entry)
        said.extend(dict.fromkeys(self._said_so_far[mark:]))
        self._left_out.extend(said)
        self._cases[entry.card.id] = _known(entry, signed, files, len(said))

    def _of_all(self, everyone: Sequence[Card], *, same: bool) -> tuple[str, ...]:
        """Make what is of no case; return those of its files that are made of cards alone."""
        shared = self._previous.manifest.shared
        if same and self._previous.intact(shared):
            for path in shared:
                self._output.keep(path)
        else:
            shared = self._made("the index", lambda: self._site.of_all(everyone))
        self._made("the styles", self._site.assets)
        return shared

    def _made(self, what: str, make: Callable[[], "Sequence[Resource]"]) -> tuple[str, ...]:
        files = guarded(what, make)
        for one in files:
            self._output.make(one)
        return tuple(one.path for one in files)

    @property
    def _said_so_far(self) -> Sequence[str]:
        """What the site says it has left out while it made files."""
        return self._site.left_out

    def _finish(self, ground: str, cards: str, shared: tuple[str, ...]) -> bool:
        made = Manifest(
            ground=ground,
            rehearsal=self._site.kit.rehearsal,
            everyone=cards,
            shared=shared,
            cases=self._cases,
            files=dict(sorted(self._output.files.items())),
        )
        return self._output.finish(manifest.NAME, manifest.encode(made))

    def _built(self, counts: tuple[int, int, int]) -> Built:
        out = self._output
        made, removed = tuple(sorted(out.made)), tuple(out.removed)
        return Built(*counts, made, out.kept, removed, tuple(self._left_out))


def _tightened(before: Manifest, everyone: Sequence[Card]) -> bool:
    """Tell whether what is in place hands out, or tells, what it must not any more."""
    now = {card.id: card.state for card in everyone}
    return any(
        now.get(name) != known.card.state
        for name, known in before.cases.items()
        if known.card.state not in SILENT and now.get(name) != "open"
    )


def _known(entry: Entry, neighbours: str, files: tuple[str, ...], left_out: int) -> KnownCase:
    """Return what is written down of a case: of one that is silent no more than its files."""
    if entry.card.state in SILENT:
        return KnownCase(card=entry.card, files=files)
    return KnownCase(
        card=entry.card,
        files=files,
        signature=entry.signature,
        neighbours=neighbours,
        until=entry.until,
        left_out=left_out,
    )
