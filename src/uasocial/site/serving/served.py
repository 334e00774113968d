"""The files of the site as they are to be served now: made again as soon as a file has changed.

What is kept is kept with the signature of the files that it was read from, and both are looked at
before each answer, so that a stop shows at once.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from uasocial import learned
from uasocial.errors import TemplateError, UasocialError, printable
from uasocial.settings import Project, find_project
from uasocial.settings.addresses import fault_of_place
from uasocial.site import paths
from uasocial.site.assets import OWN
from uasocial.site.cards import Card, State
from uasocial.site.contents import Site
from uasocial.site.looking import SILENT, Kit
from uasocial.site.resource import Resource
from uasocial.site.serving.body import Bodies, Body, are_same, make_body
from uasocial.site.serving.current import CurrentCards
from uasocial.site.serving.seen import Seen, see

if TYPE_CHECKING:
    from pathlib import Path

    from uasocial.toolkit import Toolkit

__all__ = ["Found", "MakesSite", "Served"]

# How many bytes of files are kept ready, and of how many cases it is known which files they have.
ROOM = 64_000_000
CASES = 8
# No page lies so deep; of what is asked for below it, the page for what is lost need not look well.
DEEPEST = 16

# Of what stands at the root, these tell nothing of any case.
_OF_NONE = (paths.NOT_FOUND, paths.ROBOTS)
_SITEMAPS = paths.SITEMAP.removesuffix(".xml")

Files = dict[str, Resource]


class Found(NamedTuple):
    """A file of the site; *state* is that of the case it belongs to, where it is of one."""

    path: str
    body: Body
    state: State | None = None


class MakesSite(Protocol):
    """What puts the files of a site together: `Site`, or what stands for it in a test."""

    def __call__(self, kit: "Toolkit", base: str = "") -> Site: ...


class _Made(NamedTuple):
    """Files, and the very objects that they were made of."""

    made_of: Sequence[object]
    files: Files


class _Ground:
    """All that was read while settings and templates were in one state."""

    def __init__(
        self, site: Site, cards: CurrentCards, seen: Seen, log: Callable[[str], None], room: int
    ) -> None:
        self.kit = site.kit
        self.cards = cards
        self.seen = seen
        self._site = site
        self._log = log
        self._first_parts = (paths.ROOT, *self.kit.project.settings.site.languages)
        self._bodies = Bodies(room)
        self._cases: OrderedDict[str, _Made] = OrderedDict()
        self._all = _Made((), {})
        # One object a day: what is kept is known by the very objects that it was made of.
        self._day: date = self.kit.actual.date()
        self._broken: dict[str, tuple[Card, Card]] = {}

    @cached_property
    def _assets(self) -> Files:
        return _by_path(self._site.assets())

    def move(self, now: datetime, actual: datetime) -> None:
        """Look from another moment on."""
        # A consent may end on a day, and that on which the toolkit was made may be long over.
        self.kit.actual = actual
        self.kit.move(now)
        if actual.date() != self._day:
            self._day = actual.date()

    def asset(self, path: str) -> Found | None:
        return self._found(path, (), lambda: self._assets, None)

    def shared(self, path: str) -> Found | None:
        """Return a file that is of no case, or of all of them."""
        if path in _OF_NONE:
            return self._found(path, (self._day,), lambda: self._all.files or self._of_all(), None)
        first = path.partition("/")[0]
        # What programs on the lookout for gaps ask for costs no look at all cases.
        if first not in self._first_parts and not path.startswith(_SITEMAPS):
            return None
        everyone = self._everyone()
        made_of = (self._day, *everyone)
        return self._found(path, made_of, lambda: self._of_all(everyone), None)

    def _of_all(self, everyone: Sequence[Card] | None = None) -> Files:
        cards = self._everyone() if everyone is None else everyone
        made_of = (self._day, *cards)
        if not are_same(self._all.made_of, made_of):
            self._all = _Made(made_of, _by_path(self._site.of_all(cards)))
        return self._all.files

    def lost(self, depth: int) -> Found | None:
        """Return the page for what is not there, so many folders below the root of the site."""
        path = f"{depth}/{paths.NOT_FOUND}"
        page = Resource(path, lambda: self._site.not_found("../" * depth or "./"))
        return self._found(path, (self._day,), lambda: {path: page}, None)

    def in_case(self, name: str, path: str) -> Found | None:
        """Return a file of a case; of one that turns out to be broken, what says so."""
        card = self.card(name)
        if card is None:
            return None
        try:
            return self._in_case(card, path)
        except TemplateError:
            raise
        except UasocialError as error:
            self._log(printable(f"{name}: {error}").replace("\n", " "))
            broken = Card(id=name, state="unreadable", updated=self.kit.now.date())
            self._broken[name] = (card, broken)
            return self._in_case(broken, path)

    def card(self, name: str) -> Card | None:
        card = self.cards.one(name)
        return None if card is None else self._or_broken(card)

    def _everyone(self) -> list[Card]:
        return [self._or_broken(card) for card in self.cards.everyone()]

    def _or_broken(self, card: Card) -> Card:
        """Return a card, or the one that says that its case turned out to be broken."""
        looked_at, broken = self._broken.get(card.id, (None, None))
        if broken is not None and looked_at is card:
            return broken
        self._broken.pop(card.id, None)
        return card

    def _in_case(self, card: Card, path: str) -> Found | None:
        neighbours = tuple(map(self._or_broken, self.cards.neighbours(card)))
        made_of = (self._day, card, *neighbours)

        def files() -> Files:
            made = self._cases.pop(card.id, None)
            if made is None or not are_same(made.made_of, made_of):
                made = _Made(made_of, _by_path(self._site.of_case(card, neighbours)))
            self._cases[card.id] = made
            if len(self._cases) > CASES:
                self._cases.popitem(last=False)
            return made.files

        return self._found(path, made_of, files, card.state)

    def _found(
        self,
        path: str,
        made_of: Sequence[object],
        files: Callable[[], Files],
        state: State | None,
    ) -> Found | None:
        body = self._bodies.find(path, made_of)
        if body is None:
            resource = files().get(path)
            if resource is None:
                return None
            body = make_body(resource)
            self._bodies.keep(path, made_of, body)
        return Found(path, body, state)


class Served:
    """The site of a project, fresh for each answer; one request at a time reads and makes.

    *base* is the address where the site stands, otherwise `url` of the settings. *as_of* is a
    moment to rehearse. *log* is told, a line each, what is left out, and why; *clock* gives the
    time now, with its zone.
    """

    def __init__(  # noqa: PLR0913 - what a test puts in stands beside what callers say
        self,
        project: Project,
        base: str | None = None,
        *,
        log: Callable[[str], None],
        as_of: datetime | None = None,
        clock: Callable[[], datetime] | None = None,
        site: MakesSite = Site,
        room: int = ROOM,
    ) -> None:
        fault = fault_of_place(base) if base else ""
        if fault:
            raise UasocialError(f"the base {fault}")
        # Where it lies is settled now, whatever becomes the current folder.
        self._project = replace(project, root=project.root.resolve()) if project.root else project
        self._base = base
        self._as_of = as_of
        self._log = log
        self._clock = clock or _system_clock
        self._make_site = site
        self._room = room
        self._ground: _Ground | None = None
        # Whatever becomes of settings and templates, what somebody has seen is no secret.
        self._shown: set[str] = set()
        self._lock = Lock()

    @property
    def is_rehearsal(self) -> bool:
        return self._as_of is not None

    def find(self, path: str) -> Found | None:
        """Return the file at *path*, relative to the root of the site; *path* may be anything.

        Raise UasocialError where settings or a template are wrong.
        """
        with self._lock:
            ground = self._renewed()
            name = _case_of(path)
            if name:
                return ground.in_case(name, path)
            return ground.asset(path) if path.startswith("static/") else ground.shared(path)

    def lost(self, depth: int) -> Found | None:
        """Return the page for what is not there, so many folders below the root of the site."""
        with self._lock:
            return self._renewed().lost(min(depth, DEEPEST))

    def explained(self, path: str) -> str:
        """Return the folder that explains a page which a silent case may have had, or ``""``.

        Which languages an unreadable case had nobody knows, and the addresses of its pages are
        all over the world.
        """
        name = _case_of(path)
        if not path.endswith(f"/{paths.INDEX}") or path == paths.short(name):
            return ""
        with self._lock:
            card = self._renewed().card(name) if name else None
        return f"a/{name}" if card is not None and card.state in SILENT else ""

    def count_open(self) -> int:
        """Count the open actions."""
        with self._lock:
            return sum(card.is_open for card in self._renewed().cards.everyone())

    def _renewed(self) -> _Ground:
        """Return what holds now, with its toolkit at this moment; raise SettingsError."""
        now = self._clock()
        seen = see(self._own_files(), now.timestamp())
        if self._ground is None or not self._ground.seen.holds(seen):
            # What was made of settings that are wrong now is not to be shown any more.
            self._ground = None
            self._ground = self._laid(seen, now)
        self._ground.seen = seen
        actual = _there(now, self._ground.kit.project)
        self._ground.move(self._as_of or actual, actual)
        return self._ground

    def _own_files(self) -> "Iterable[Path]":
        yield from self._project.templates
        root = self._project.root
        if root is not None:
            yield from (self._project.file, root / OWN, root / learned.FILE)
            yield from self._project.plugin_files

    def _laid(self, seen: Seen, now: datetime) -> _Ground:
        project = find_project(str(self._project.root)) if self._project.root else self._project
        actual = _there(now, project)
        kit = Kit(project, self._as_of or actual, rehearsal=self.is_rehearsal, actual=actual)
        said = project.settings.site.url if self._base is None else self._base
        site = self._make_site(kit, f"{said.rstrip('/')}/" if said else "")
        cards = CurrentCards(kit, site, self._shown, self._log)
        return _Ground(site, cards, seen, self._log, self._room)


def _system_clock() -> datetime:
    return datetime.now().astimezone()


def _there(now: datetime, project: Project) -> datetime:
    """Return *now* in the publisher's zone."""
    zone = project.settings.time_zone
    return now.astimezone(ZoneInfo(zone)) if zone else now


def _case_of(path: str) -> str:
    """Return the name of the case that *path* would be a file of, or ``""``."""
    folder, _, rest = path.partition("/")
    name, _, file = rest.partition("/")
    return name if folder == "a" and file else ""


def _by_path(files: Iterable[Resource]) -> Files:
    return {file.path: file for file in files}
