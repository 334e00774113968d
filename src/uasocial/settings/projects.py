"""Which project is worked on, and where its files are."""

import os
from dataclasses import dataclass
from pathlib import Path

from uasocial.errors import SettingsError
from uasocial.settings.reading import read_settings
from uasocial.settings.tables import Settings

__all__ = ["FILE", "Project", "find_project", "packaged"]

FILE = "uasocial.toml"
VARIABLE = "UASOCIAL_PROJECT"


@dataclass(frozen=True)
class Project:
    """A folder with cases and templates; *root* is None for the sample that comes with uasocial."""

    root: Path | None
    settings: Settings

    @property
    def file(self) -> Path:
        """Where the settings stand; the sample has none there."""
        return (self.root or packaged("actions").parent) / FILE

    @property
    def actions(self) -> Path:
        return self.root / "actions" if self.root else packaged("actions")

    @property
    def templates(self) -> tuple[Path, ...]:
        own = (self.root / "templates",) if self.root else ()
        return (*own, packaged("templates"))

    def owns(self, path: Path) -> bool:
        """Tell whether a file may serve this project: it lies in it, or in no project at all."""
        home = next((folder for folder in path.parents if (folder / FILE).is_file()), None)
        return home is None or (self.root is not None and home == self.root.resolve())

    @property
    def plugin_files(self) -> list[Path]:
        return sorted((self.root / "plugins").glob("*.py")) if self.root else []


def packaged(name: str) -> Path:
    """Return the folder that an installed wheel carries, or the one at the top of a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "packaged" / name
    return installed if installed.is_dir() else package.parent.parent / name


def find_project(named: str | None = None, start: Path | None = None) -> Project:
    """Find the project: *named*, else UASOCIAL_PROJECT, else upward from *start*, else the sample.

    Raise SettingsError where a project was named and is none, or its settings are wrong.
    """
    name = named or os.environ.get(VARIABLE)
    if name:
        root = Path(name)
        if not (root / FILE).is_file():
            raise SettingsError(
                f"{root}: is no project, for it has no {FILE}; `uasocial init {root}`"
            )
        return Project(root, read_settings(root / FILE))
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / FILE).is_file():
            return Project(folder, read_settings(folder / FILE))
    return Project(None, Settings())
