"""Styles, script, logo and counters: files named by their content, so that they may be kept."""

import hashlib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from uasocial.errors import UasocialError, printable
from uasocial.model.links import LEADS_OUT, leads_out
from uasocial.site.logos import fault_of_logo
from uasocial.site.resource import Resource

if TYPE_CHECKING:
    from uasocial.settings import Project

__all__ = ["EXTRA", "FONTS", "LOGOS", "OWN", "Assets", "is_font"]

STATIC = Path(__file__).with_name("static")
# A section's own templates, styles and logo lie in this folder of its project.
OWN = "site"
LOGOS = ("logo.svg", "logo.png")
EXTRA = "extra.css"
FONTS = "fonts"
# The colour in which our own pictures are drawn, in the place of a section's.
DEFAULT_ACCENT = b"#0b5d57"


class Assets:
    """What all pages need, read once; each has a path that changes with its content."""

    def __init__(self, project: "Project") -> None:
        self._project = project
        self._files: dict[str, tuple[str, bytes]] = {}

    @property
    def own(self) -> Path | None:
        """The section's own folder, where the project has one."""
        root = self._project.root
        return root / OWN if root else None

    @cached_property
    def styles(self) -> str:
        """The path of the one style sheet: the section's colours, ours, and what it adds."""
        site = self._project.settings.site
        colours = (
            f":root {{ --accent: {site.accent}; --accent-dark: {site.accent_on_dark}; }}\n".encode()
        )
        extra = self._read_own(EXTRA) or b""
        return self._named("site.css", colours + (STATIC / "site.css").read_bytes() + extra)

    @cached_property
    def script(self) -> str:
        return self._named("site.js", (STATIC / "site.js").read_bytes())

    @cached_property
    def counter(self) -> str:
        return self._named("count.js", (STATIC / "count.js").read_bytes())

    @cached_property
    def tables(self) -> dict[str, str]:
        """The paths of what the counter needs, by name; a page loads them when somebody edits."""
        return {
            path.stem.removeprefix("count-"): self._named(path.name, path.read_bytes())
            for path in sorted(STATIC.glob("count-*.js"))
        }

    @cached_property
    def logo(self) -> str:
        """The path of the section's logo, or empty."""
        for name in LOGOS:
            data = self._read_own(name)
            if data is not None:
                return self._named(name, data)
        return ""

    @cached_property
    def icon(self) -> str:
        """The path of what a browser shows beside the title: the logo, else an envelope."""
        drawn = (STATIC / "icon.svg").read_bytes()
        accent = self._project.settings.site.accent.encode()
        return self.logo or self._named("icon.svg", drawn.replace(DEFAULT_ACCENT, accent))

    @property
    def logo_picture(self) -> bytes | None:
        """The logo as pixels, where the section has one."""
        return self._files[self.logo][1] if self.logo.endswith(".png") else None

    @property
    def fonts(self) -> list[Path]:
        """The section's own fonts, for its share pictures alone."""
        found = (self.own / FONTS).glob("*") if self.own else ()
        return sorted(path for path in found if is_font(path))

    def resources(self) -> Iterator[Resource]:
        """Yield all of them."""
        wanted = (self.styles, self.script, self.counter, *self.tables.values())
        for path in filter(None, dict.fromkeys((*wanted, self.logo, self.icon))):
            data = self._files[path][1]
            yield Resource(path, lambda data=data: data)  # type: ignore[misc]

    def _named(self, name: str, data: bytes) -> str:
        stem, _, ending = name.rpartition(".")
        path = f"static/{stem}.{hashlib.sha256(data).hexdigest()[:12]}.{ending}"
        self._files[path] = (name, data)
        return path

    def _read_own(self, name: str) -> bytes | None:
        path = self.own / name if self.own else None
        if path is None or not path.is_file():
            return None
        home = self._project.root or path.parent
        if leads_out(path, path.parent.resolve(), home.resolve()):
            raise UasocialError(printable(f"{path}: {LEADS_OUT}"))
        try:
            data = path.read_bytes()
        except OSError as error:
            raise UasocialError(printable(f"{path}: cannot be read: {error.strerror}")) from None
        fault = fault_of_logo(name, data) if name in LOGOS else ""
        if fault:
            raise UasocialError(printable(f"{path}: {fault}"))
        return data


def is_font(path: Path) -> bool:
    return path.suffix.lower() in {".ttf", ".otf"} and not path.name.startswith(".")
