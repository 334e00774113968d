"""An address as a QR code: as a drawing for a page, as pixels for a document."""

import io
from typing import TYPE_CHECKING

from uasocial.errors import UasocialError, printable

if TYPE_CHECKING:
    from segno import QRCode

__all__ = ["qr_png", "qr_svg"]

# ISO/IEC 18004: with M 15 % of a code may be lost, and four modules around it are to be quiet.
LEVEL, QUIET = "m", 4
# Enough for a poster, and one colour costs nothing.
PIXELS_PER_MODULE = 20


def qr_svg(address: str) -> bytes:
    """Return the code of an address as SVG: as large as its place, with the address as its title.

    All that it looks like stands in attributes of their own, which a policy against inline styles
    lets be.
    """
    drawn = io.BytesIO()
    _code(address).save(
        drawn,
        kind="svg",
        border=QUIET,
        omitsize=True,
        xmldecl=False,
        nl=False,
        svgclass=None,
        lineclass=None,
        title=printable(address),
        light="#fff",
        dark="#000",
    )
    # Rows of modules must not show a seam where one is no whole number of pixels.
    start = b'<svg role="img" shape-rendering="crispEdges" '
    return drawn.getvalue().replace(b"<svg ", start, 1)


def qr_png(address: str) -> bytes:
    """Return the code of an address as PNG."""
    drawn = io.BytesIO()
    _code(address).save(drawn, kind="png", border=QUIET, scale=PIXELS_PER_MODULE)
    return drawn.getvalue()


def _code(address: str) -> "QRCode":
    """Return a code of at least `LEVEL`; more where it costs no room."""
    import segno  # noqa: PLC0415 - only who draws a code waits for it

    try:
        return segno.make(address, error=LEVEL, micro=False)
    except ValueError as error:
        raise UasocialError(
            f"no QR code can hold the address {printable(address[:60])!r}: {error}; shorten it"
        ) from None
