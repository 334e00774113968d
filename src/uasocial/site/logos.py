"""The logo of a section: whether it may stand in a page, and its pixels for a picture."""

import io
import warnings
from typing import TYPE_CHECKING

from uasocial.site.drawing import fault_of_drawing

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["fault_of_logo", "opened"]

MOST = 500_000
MOST_PIXELS = 40_000_000


def fault_of_logo(name: str, data: bytes) -> str:
    """Say that a logo is none, too large, or one that runs a script, or return ``""``."""
    if len(data) > MOST:
        return f"is larger than {MOST // 1000} kB: a phone would wait for it; make it smaller"
    if name.endswith(".svg"):
        return fault_of_drawing(data)
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "is no PNG picture: save it as one"
    try:
        opened(data)
    except ValueError as error:
        return f"{error}: save it anew"
    return ""


def opened(data: bytes) -> "Image.Image":
    """Return the pixels of a logo; raise ValueError where it is no picture, or one too large."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415 - for pictures

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as image:
                size = image.width * image.height
                if size <= MOST_PIXELS:
                    return ImageOps.exif_transpose(image).convert("RGBA")
    # Whatever a decoder says of a broken file.
    except Exception as error:
        # Of what is no picture at all, a decoder has nothing to say.
        why = "" if isinstance(error, UnidentifiedImageError) else f": {error}"
        raise ValueError(f"the logo cannot be read as PNG, JPEG or WebP{why}") from error
    raise ValueError(f"the logo has {size:,} pixels; {MOST_PIXELS:,} are the most")
