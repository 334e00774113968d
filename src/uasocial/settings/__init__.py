"""Which project is worked on, and what its `uasocial.toml` says."""

from uasocial.settings.projects import FILE, Project, find_project, packaged
from uasocial.settings.reading import stated_account
from uasocial.settings.tables import (
    After,
    Colleague,
    Event,
    Host,
    LedgerPlace,
    Settings,
    Silence,
    StatedAccount,
    Team,
)

__all__ = [
    "FILE",
    "After",
    "Colleague",
    "Event",
    "Host",
    "LedgerPlace",
    "Project",
    "Settings",
    "Silence",
    "StatedAccount",
    "Team",
    "find_project",
    "packaged",
    "stated_account",
]
