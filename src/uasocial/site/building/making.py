"""The site as a folder: made beside its place, of what has changed, and put there in one step."""

import errno
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from uasocial.errors import TemplateError, UasocialError, printable
from uasocial.site.building import manifest, signing
from uasocial.site.building.aside import Aside, beside
from uasocial.site.building.gathering import Entry, Gathered, assert_unchanged, gather
from uasocial.site.building.manifest import KnownCase, Manifest
from uasocial.site.building.output import Output, guarded
from uasocial.site.building.place import place_of
from uasocial.site.building.previous import Previous
from uasocial.site.building.tightening import tells_too_much
from uasocial.site.cards import Card
from uasocial.site.looking import SILENT, look_safely
from uasocial.text.file_names import same_name

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
            return _settled(site, Previous(place), step)[0]
        with beside(place) as aside:
            built, is_other = _settled(site, Previous(place), step, aside)
            if is_other:
                aside.put()
            return built
    except OSError as error:
        raise UasocialError(printable(f"{out}: {_said(error, place)}")) from None


def _settled(
    site: "Site", previous: Previous, step: Step, aside: Aside | None = None
) -> tuple[Built, bool]:
    """Make the site, where *aside* is given; return what was done, and whether it is another now.

    A fault in a case ends it, and the site from before stays; unless that one still hands out, or
    says, what must not be any more. That does not wait: the case at fault is not available.
    """
    _assert_alike(site, previous)
    faults: dict[str, str] = {}
    while True:
        if aside is not None:
            aside.begin()
        try:
            new = aside.new if aside is not None else None
            built, is_other = _Build(site, previous, new, step, faults).run()
        except _CasesError as found:
            if not found.hold_back:
                raise
            faults |= found.faults
            if aside is not None:
                aside.mend()
        else:
            return built._replace(faults=tuple(faults.values())), is_other


def _assert_alike(site: "Site", previous: Previous) -> None:
    """Raise where a rehearsal would take the place of a site, or a site that of a rehearsal."""
    before = previous.manifest
    if before.files and before.rehearsal != site.kit.rehearsal:
        what = "a rehearsal" if before.rehearsal else "a site, and this is a rehearsal"
        raise UasocialError(printable(f"{previous.folder}: holds {what}: name another folder"))


class _CasesError(UasocialError):
    """Cases that cannot be made, and why; *hold_back* is whether others must not wait for them."""

    def __init__(self, faults: Mapping[str, str], *, hold_back: bool) -> None:
        # One in a font of the section, say, is in every case.
        super().__init__("\n".join(dict.fromkeys(faults.values())))
        self.faults = faults
        self.hold_back = hold_back


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
        # What is wrong with them is in every page, and no fault of a case.
        guarded("the styles", self._site.assets)
        gathered = gather(self._site, self._previous, anew=anew, step=self._step)
        entries = [self._or_unavailable(entry) for entry in _apart(gathered, self._faults)]
        everyone = [entry.card for entry in entries]
        self._left_out.extend(gathered.said)
        looked_at = len(everyone) + gathered.hidden
        faults = {name: said for name, said in gathered.clashes.items() if name not in self._faults}
        for number, entry in enumerate(entries):
            self._step(looked_at + number, looked_at + len(everyone))
            if entry.card.id not in faults:
                faults |= self._faults_of_case(entry, everyone)
        if faults:
            hold_back = tells_too_much(self._site, self._previous, everyone, self._cases)
            raise _CasesError(faults, hold_back=hold_back)
        self._step(looked_at + len(everyone), looked_at + len(everyone))
        shared = self._of_all(everyone, {} if anew else before.shared)
        is_other = self._finish(ground, shared)
        closed = sum(not card.is_open for card in everyone)
        counts = (len(everyone) - closed, closed, gathered.hidden)
        return self._built(counts), is_other

    def _or_unavailable(self, entry: Entry) -> Entry:
        """Return a case as it was found, or as one that cannot be read where it is at fault."""
        if entry.card.id not in self._faults:
            return entry
        card = Card(id=entry.card.id, state="unreadable", updated=self._site.kit.now.date())
        return Entry(card, "", entry.until)

    def _faults_of_case(self, entry: Entry, everyone: Sequence[Card]) -> dict[str, str]:
        """Make the files of a case; return what is wrong with it, if that cannot be done."""
        try:
            self._of_case(entry, self._site.neighbours(entry.card, everyone))
        except TemplateError:
            # It is in every case, and in what says that one is not available.
            raise
        except UasocialError as error:
            return {entry.card.id: str(error)}
        return {}

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

    def _of_all(self, everyone: Sequence[Card], before: Mapping[str, str]) -> dict[str, str]:
        """Make what is of no case; return the signatures of what is kept where it is the same."""
        shared: dict[str, str] = {}
        for one in guarded("the index", lambda: self._site.of_all(everyone)):
            if one.signature:
                shared[one.path] = guarded(one.path, one.signature)
            signed = shared.get(one.path)
            if signed and signed == before.get(one.path) and self._previous.intact([one.path]):
                self._output.keep(one.path)
            else:
                self._output.make(one)
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

    def _finish(self, ground: str, shared: dict[str, str]) -> bool:
        made = Manifest(
            ground=ground,
            rehearsal=self._site.kit.rehearsal,
            shared=shared,
            cases=self._cases,
            files=dict(sorted(self._output.files.items())),
        )
        return self._output.finish(manifest.NAME, manifest.encode(made))

    def _built(self, counts: tuple[int, int, int]) -> Built:
        out = self._output
        made, removed = tuple(sorted(out.made)), tuple(out.removed)
        return Built(*counts, made, out.kept, removed, tuple(self._left_out))


def _apart(gathered: Gathered, faults: Mapping[str, str]) -> Iterator[Entry]:
    """Yield what can stand side by side: of two cases with one folder only one can be there."""
    folders: set[str] = set()
    for entry in gathered.entries:
        folder = same_name(entry.card.id)
        if folder in folders and entry.card.id in faults:
            continue
        folders.add(folder)
        yield entry


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
