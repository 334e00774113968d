"""From a page or a document to a case: formats, layouts, and what several say together."""

from uasocial.reading.document import Document, Line
from uasocial.reading.found import Doubt, Field, Match, Reading

__all__ = ["Document", "Doubt", "Field", "Line", "Match", "Reading"]
