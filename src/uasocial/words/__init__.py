"""From an action to words: sandboxed templates per language, literal posts, optional parts."""

from uasocial.words.rendering import Rendered, Renderer, warning_for
from uasocial.words.wordings import STANDARD, Wording, Wordings, handles_in

__all__ = [
    "STANDARD",
    "Rendered",
    "Renderer",
    "Wording",
    "Wordings",
    "handles_in",
    "warning_for",
]
