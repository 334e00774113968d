"""Which project is worked on, and what its `uasocial.toml` says."""

from uasocial.settings.kinds import Host
from uasocial.settings.projects import FILE, Project, find_project, packaged
from uasocial.settings.reading import stated_account
from uasocial.settings.site_table import SITE_LANGUAGES, SiteLanguage, SiteSettings
from uasocial.settings.tables import (
    After,
    Colleague,
    Event,
    LedgerPlace,
    Settings,
    Silence,
    StatedAccount,
    Team,
)

__all__ = [
    "FILE",
    "SITE_LANGUAGES",
    "After",
    "Colleague",
    "Event",
    "Host",
    "LedgerPlace",
    "Project",
    "Settings",
    "Silence",
    "SiteLanguage",
    "SiteSettings",
    "StatedAccount",
    "Team",
    "find_project",
    "packaged",
    "stated_account",
]
