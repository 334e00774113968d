"""The layouts that uasocial knows, each a module with `match(document)`; together a plugin."""

from collections.abc import Iterator
from importlib import import_module

from uasocial.plugins import hookimpl
from uasocial.reading.document import Document
from uasocial.reading.found import Match

__all__ = ["Layouts"]

# Imported when a document is read: no other command waits for them.
MODULES = ("exported", "swiss_page", "secretariat", "published", "american")


class Layouts:
    """The plugin of our own layouts."""

    NAME = "layouts"

    @hookimpl
    def read_document(self, document: Document) -> Iterator[Match]:
        for name in MODULES:
            match = import_module(f"uasocial.reading.layouts.{name}").match(document)
            if match is not None:
                yield match
