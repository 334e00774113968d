"""Pictures made ready to be sent: upright, small enough, and with nothing in them but the picture.

A photo's metadata tells where and when it was taken, and by whom: none of it goes out.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from uasocial.errors import UasocialError, printable
from uasocial.platforms.pictures import PictureLimits, PictureType

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

__all__ = [
    "MAX_BYTES",
    "MAX_PIXELS",
    "Picture",
    "PictureError",
    "fault_of_picture",
    "make_ready",
    "read_picture",
]

# What a camera of today gives, and no more: a small file may unpack to gigabytes.
MAX_BYTES = 40_000_000
MAX_PIXELS = 64_000_000
# As Pillow names them.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
QUALITIES = (90, 80, 70)
SMALLER = 0.8
_END_OF_JPEG = b"\xff\xd9"
# Smaller than this, nobody sees what it shows.
MIN_SIDE = 64


class PictureError(UasocialError):
    """A file is no picture that can be sent; one line says which and why."""

    def __init__(self, name: str, message: str) -> None:
        self.message = message
        super().__init__(printable(f"{name}: {message}"))


class Picture(NamedTuple):
    """A picture as it is sent."""

    data: bytes
    type: PictureType
    width: int
    height: int


def read_picture(path: Path, limits: PictureLimits) -> Picture:
    """Read a file and make it ready; raise PictureError."""
    return make_ready(_bytes_of(path), str(path), limits)


def fault_of_picture(path: Path) -> str:
    """Say why a file cannot be made ready, or return ``""``.

    It is not decoded, which would take a hundred times as long: a file that is cut off, or is
    something else, is found, and not each changed byte.
    """
    name = str(path)
    try:
        data = _bytes_of(path)
        _assert_size(data, name)
        with _told(name):
            _assert_whole(_identified(data, name), data, name)
    except PictureError as error:
        return error.message
    return ""


def _bytes_of(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise PictureError(str(path), "there is no such file")
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise PictureError(str(path), f"cannot be read: {error.strerror}") from None


def _assert_size(data: bytes, name: str) -> None:
    if len(data) > MAX_BYTES:
        raise PictureError(name, f"is larger than {MAX_BYTES // 1_000_000} MB: make it smaller")


def make_ready(data: bytes, name: str, limits: PictureLimits) -> Picture:
    """Turn a picture upright, size it to *limits*, and leave nothing but its pixels.

    The same bytes give the same bytes. Of one that moves, the first frame is sent.
    """
    _assert_size(data, name)
    with _told(name):
        opened = _open(data, name, limits)
        image = _upright(opened)
        drawn = opened.format in {"PNG", "GIF"} or image.mode == "RGBA"
        fitting = (_png(image, limits) if drawn else None) or _jpeg(image, limits)
    if fitting is None:
        raise PictureError(name, f"cannot be made as small as {limits.bytes:,} bytes")
    return fitting


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Turn what a decoder says of a broken file, or of a bomb, into one line."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - only who sends pictures waits

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except PictureError:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError):
        raise PictureError(name, _too_many()) from None
    except UnidentifiedImageError:
        raise PictureError(name, "is no picture: give a JPEG, PNG, WebP or GIF file") from None
    except Exception as error:  # noqa: BLE001 - a decoder may raise anything over a broken file
        said = " ".join(str(error).split())[:200]
        raise PictureError(name, f"the picture is broken: {said}") from None


def _too_many() -> str:
    return f"has more than {MAX_PIXELS // 1_000_000} million pixels: make it smaller"


def _open(data: bytes, name: str, limits: PictureLimits) -> "Image":
    """Open a picture, and decode its first frame."""
    image = _identified(data, name)
    # A JPEG is decoded at a half, a quarter or an eighth where that is large enough.
    image.draft(None, (limits.side, limits.side))
    image.load()
    return image


def _identified(data: bytes, name: str) -> "ImageFile":
    """Tell a picture by its content, whatever its name says, from its first bytes alone."""
    from PIL import Image  # noqa: PLC0415

    image = Image.open(BytesIO(data), formats=FORMATS)
    if image.width * image.height > MAX_PIXELS:
        raise PictureError(name, _too_many())
    if image.mode.startswith("I"):
        raise PictureError(name, "has 16 bits a pixel, and no platform takes that: save it with 8")
    return image


def _assert_whole(image: "ImageFile", data: bytes, name: str) -> None:
    """Raise where a picture is seen to be broken without being decoded.

    A PNG has checksums, and a WebP its length. A JPEG has a mark at its end, which stands nowhere
    in what is packed; a GIF has none of these, and is small.
    """
    head = image.fp.tell() if image.fp else 0
    if image.format == "GIF":
        image.load()
    elif image.format == "JPEG" and _END_OF_JPEG not in data[head:]:
        raise PictureError(name, "the picture is broken: it is cut off")
    else:
        image.verify()


def _upright(image: "Image") -> "Image":
    """Return the pixels alone, as RGB or RGBA in sRGB, turned as the camera was held."""
    from PIL import Image, ImageOps  # noqa: PLC0415

    profile = image.info.get("icc_profile")
    turned = ImageOps.exif_transpose(image)
    clear = turned.has_transparency_data
    turned = _in_srgb(turned, profile).convert("RGBA" if clear else "RGB")
    if clear and turned.getchannel("A").getextrema() == (255, 255):
        turned = turned.convert("RGB")
    # What a file says of itself stays with the old object.
    bare = Image.new(turned.mode, turned.size)
    bare.paste(turned)
    return bare


def _in_srgb(image: "Image", profile: Any) -> "Image":
    """Return *image* in the colours that platforms take for granted, where its own are known."""
    if not isinstance(profile, bytes) or image.mode not in ("RGB", "CMYK"):
        return image
    from PIL import ImageCms  # noqa: PLC0415

    try:
        own = ImageCms.ImageCmsProfile(BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        done = ImageCms.profileToProfile(image, own, srgb, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return image
    return done or image


def _sized(image: "Image", limits: PictureLimits, scale: float = 1.0) -> "Image":
    from PIL import Image  # noqa: PLC0415

    by_side = limits.side / max(image.size)
    by_area = (limits.pixels / (image.width * image.height)) ** 0.5
    scale *= min(1.0, by_side, by_area)
    if scale == 1.0:
        return image
    size = (max(1, int(image.width * scale)), max(1, int(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS)


def _png(image: "Image", limits: PictureLimits) -> Picture | None:
    """Return a picture that was drawn, or is clear in parts, without loss where it fits so."""
    if "image/png" not in limits.types:
        return None
    sized = _sized(image, limits)
    data = _saved(sized, "PNG")
    return Picture(data, "image/png", *sized.size) if len(data) <= limits.bytes else None


def _jpeg(image: "Image", limits: PictureLimits) -> Picture | None:
    """Return the picture as JPEG, as large and as good as fits; on white where it was clear."""
    from PIL import Image  # noqa: PLC0415

    if image.mode == "RGBA":
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image).convert("RGB")
    sized, scale = _sized(image, limits), 1.0
    while True:
        for quality in QUALITIES:
            data = _saved(sized, "JPEG", quality=quality, optimize=True)
            if len(data) <= limits.bytes:
                return Picture(data, "image/jpeg", *sized.size)
        scale *= SMALLER
        smaller = _sized(image, limits, scale)
        if max(smaller.size) < min(MIN_SIDE, max(sized.size)):
            return None
        sized = smaller


def _saved(image: "Image", kind: str, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()
