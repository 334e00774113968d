"""How a site looks at its cases: few of them held at once, and a fault in one hurts no other."""

from collections import OrderedDict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from uasocial import model
from uasocial.errors import NotFound, printable
from uasocial.model import Action
from uasocial.model.links import fault_of_links, files_of_case
from uasocial.site.cards import Card, Looked, State
from uasocial.toolkit import Toolkit

if TYPE_CHECKING:
    from uasocial.settings import Project
    from uasocial.site.contents import Site

__all__ = ["SILENT", "Kit", "fault_of_files", "files_of_case", "look_safely", "unreadable"]

# Of these nothing may be told: they are looked at each time, and nothing of them is kept.
SILENT: tuple[State, ...] = ("withdrawn", "unreadable")

# So many whole cases are held; for the rest there are cards, which are small.
ACTIONS = 8


class Kit(Toolkit):
    """A toolkit that holds the cases read last, and lets go of one that has changed."""

    def __init__(
        self, project: "Project", now: datetime, *, rehearsal: bool, actual: datetime
    ) -> None:
        super().__init__(project, now, rehearsal=rehearsal, actual=actual)
        self._held: OrderedDict[str, Action] = OrderedDict()

    def action(self, name: str) -> Action:
        if name not in self._held:
            self._held[name] = model.read_action(self.project.actions, name, self.now.date())
            if len(self._held) > ACTIONS:
                self._held.popitem(last=False)
        return self._held[name]

    def forget(self, name: str) -> None:
        """Read a case anew when it is wanted next."""
        self._held.pop(name, None)


def look_safely(site: "Site", name: str) -> Looked:
    """Look at a case; whatever is wrong with it is wrong with no other."""
    try:
        return site.look_at(name)
    except NotFound:
        # Somebody has taken it away at this moment.
        return Looked(None, (), site.kit.now)
    except Exception as error:  # noqa: BLE001 - one case takes no other with it
        return unreadable(site, name, f"cannot be read: {error!r}")


def unreadable(site: "Site", name: str, fault: str) -> Looked:
    """Return a case of which no more can be told than that it cannot be read."""
    card = Card(id=name, state="unreadable", updated=site.kit.now.date())
    said = printable(f"{name}: {fault}").replace("\n", " ")
    return Looked(card, (said,), site.kit.now)


def fault_of_files(project: "Project", folder: Path) -> str:
    """Say which file of a case a link brings in from outside the project, or return ``""``."""
    return fault_of_links(folder, project.root or project.actions)
