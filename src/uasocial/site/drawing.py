"""Whether an SVG drawing may be shown: one that is opened by itself runs what is in it.

It is read as a browser reads it, element by element: as text, a script has many spellings.
"""

import re
from xml.parsers import expat

__all__ = ["fault_of_drawing"]

SVG = "http://www.w3.org/2000/svg"
# In no other language of a browser can a drawing do anything: what programs for drawing note in
# theirs is nothing to it.
_RUNNING = ("http://www.w3.org/1999/xhtml", "http://www.w3.org/1998/Math/MathML")
# What draws, and what describes. Without `script`, `foreignObject`, `a`, and all that moves: it
# can set an address to what it likes.
_DRAWS = frozenset(
    "circle clipPath defs desc ellipse feBlend feColorMatrix feComponentTransfer feComposite "
    "feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood "
    "feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology "
    "feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence filter g image line "
    "linearGradient marker mask metadata path pattern polygon polyline radialGradient rect stop "
    "style svg switch symbol text textPath title tspan use view".split()
)
# A part of the drawing itself, or pixels in it.
_OWN = r"(?:#|data:image/(?:png|jpeg|gif|webp)[;,])"
_HELD = re.compile(rf"\s*{_OWN}")
# What makes styles fetch, or hides that from whoever looks for it.
_FETCHES = re.compile(rf"@import|\\|image-set|url\(\s*+[\"']?+\s*+(?!{_OWN})", re.IGNORECASE)


class _Bad(Exception):  # noqa: N818 - caught right here
    """What is wrong with a drawing."""


def fault_of_drawing(data: bytes) -> str:
    """Say why a drawing cannot be shown, or return ``""``."""
    try:
        _Reader().read(data)
    except _Bad as bad:
        return str(bad)
    # What it holds may be in an encoding that is none.
    except (expat.ExpatError, LookupError, ValueError) as error:
        return f"is no SVG picture ({error}): save it as one, or as logo.png"
    return ""


class _Reader:
    """Reads a drawing, and raises _Bad at what could run or fetch something."""

    def __init__(self) -> None:
        self._open: list[str] = []
        # They may come in several pieces.
        self._styles: list[str] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartDoctypeDeclHandler = _doctype
        self._parser.ProcessingInstructionHandler = _instruction
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = lambda _: self._open.pop()
        self._parser.CharacterDataHandler = self._text

    def read(self, data: bytes) -> None:
        self._parser.Parse(data, True)  # noqa: FBT003 - it takes no names
        _assert_holds("".join(self._styles))

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if not self._open and (space, local) != (SVG, "svg"):
            raise _Bad("is no SVG picture: save it as one, or as logo.png")
        self._open.append(name)
        if space in _RUNNING or (space == SVG and local not in _DRAWS):
            raise _Bad(_runs(f"<{local}>"))
        for key, value in attributes.items():
            _assert_still(key, value)

    def _text(self, text: str) -> None:
        if f"{SVG} style" in self._open:
            self._styles.append(text)


def _assert_still(key: str, value: str) -> None:
    space, _, local = key.rpartition(" ")
    if local == "href" and not _HELD.match(value):
        raise _Bad(_runs("a link"))
    # Those of programs for drawing hold what they like.
    if not space:
        if key.lower().startswith("on"):
            raise _Bad(_runs(key))
        _assert_holds(value)


def _assert_holds(styles: str) -> None:
    if _FETCHES.search(styles):
        raise _Bad(_runs("a style with an address"))


def _doctype(_name: str, _system: str | None, _public: str | None, has_own: int) -> None:
    # It may give names to texts, and attributes to elements, that stand nowhere else.
    if has_own:
        raise _Bad(_runs("a DOCTYPE with parts of its own"))


def _instruction(_target: str, _data: str) -> None:
    raise _Bad(_runs("<?…?>"))


def _runs(what: str) -> str:
    return (
        f"holds a script, or what could run or fetch one ({what}): save it as a plain SVG, or as "
        "logo.png"
    )
