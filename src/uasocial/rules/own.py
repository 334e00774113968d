"""Our own rules, as any plugin could bring them."""

from collections.abc import Iterable
from importlib import import_module

from uasocial.plugins import hookimpl
from uasocial.rules.rule import Rule

__all__ = ["OwnRules"]

FOR_DRAFTS = ("drafts",)
MODULES = ("reading", "folders", "facts", "wordings", "media", "parity", "people", *FOR_DRAFTS)


class OwnRules:
    """Registers our rules through the door that every plugin takes.

    Those for drafts, until *whole* is set: whoever hands out a draft waits for no others.
    """

    NAME = "rules"

    def __init__(self) -> None:
        self.whole = False

    @hookimpl
    def register_rules(self) -> Iterable[Rule]:
        for name in MODULES if self.whole else FOR_DRAFTS:
            module = import_module(f"uasocial.rules.{name}")
            yield from (made for made in vars(module).values() if isinstance(made, Rule))
