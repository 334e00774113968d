"""A notice board: 140 characters as people see them, and a form that opens filled in."""

from uasocial.platforms import Limits, Platform, share_address
from uasocial.plugins import hookimpl

UASOCIAL_API = 1

NOTICEBOARD = Platform(
    "noticeboard",
    "Notice board",
    Limits(140, "graphemes"),
    lambda draft, instance: share_address("https://noticeboard.example/new", text=draft.text),
)


@hookimpl
def register_platforms() -> list[Platform]:
    return [NOTICEBOARD]
