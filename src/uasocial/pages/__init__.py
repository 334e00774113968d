"""Pages that a person opens or prints: one file each, which asks nothing of any other place."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["render"]


def render(name: str, **values: Any) -> str:
    """Render the page *name*; whatever is put into it stays text."""
    return _environment().get_template(f"{name}.html.j2").render(**values)


@cache
def _environment() -> "Environment":
    # Only who makes a page waits for it.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    made = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FileSystemLoader(Path(__file__).with_name("sheets")),
    )
    made.globals["dir_of"] = _direction
    made.tests["address"] = _is_address
    return made


def _direction(language: str) -> str:
    from uasocial.languages import is_rtl  # noqa: PLC0415 - Babel, for pages alone

    return "rtl" if is_rtl(language) else "ltr"


def _is_address(text: str) -> bool:
    """Tell whether a text may be followed with a click: `javascript:` is an address, too."""
    return text.startswith("https://")
