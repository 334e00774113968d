"""Pictures: by their content, upright, small enough, and nothing in them but the picture."""

import struct
import zlib
from io import BytesIO

import pytest
from msgspec.structs import replace
from PIL import Image, PngImagePlugin

from uasocial.outbox import pictures
from uasocial.outbox.pictures import PictureError, make_ready, read_picture
from uasocial.platforms.pictures import CAREFUL, PICTURES, picture_limits

ORIENTATION, CAMERA = 0x0112, 0x010F


def photo(size=(64, 48), kind="JPEG", mode="RGB", **options) -> bytes:
    """A picture, its left half red and its right half blue."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    file = BytesIO()
    image.convert(mode).save(file, kind, **options)
    return file.getvalue()


def noise(size) -> bytes:
    """A picture that no compression makes small, the same each time."""
    file = BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(file, "JPEG", quality=95)
    return file.getvalue()


def opened(picture) -> Image.Image:
    return Image.open(BytesIO(picture.data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_what_every_platform_takes_comes_out_of_each_type(kind):
    ready = make_ready(photo(kind=kind), "gate", CAREFUL)
    assert ready.type in CAREFUL.types
    assert (ready.width, ready.height) == opened(ready).size == (64, 48)
    red, _, blue = opened(ready).convert("RGB").getpixel((5, 5))
    assert red > 200
    assert blue < 60


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is no picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is no picture"),
        (b"%PDF-1.4", "is no picture"),
        (photo(kind="TIFF"), "is no picture"),
        (photo(kind="BMP"), "is no picture"),
        (photo(size=(400, 300))[:900], "is broken"),
    ],
)
def test_what_is_no_picture_is_refused_whatever_its_name(tmp_path, data, said):
    path = tmp_path / "gate.jpg"
    path.write_bytes(data)
    with pytest.raises(PictureError, match=said) as error:
        read_picture(path, CAREFUL)
    assert len(str(error.value).splitlines()) == 1


def test_a_type_is_known_by_content_and_not_by_name(tmp_path):
    path = tmp_path / "gate.png"
    path.write_bytes(photo(kind="JPEG"))
    assert read_picture(path, CAREFUL).type == "image/jpeg"


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(PictureError, match="there is no such file"):
        read_picture(tmp_path / "none.jpg", CAREFUL)


def test_a_picture_is_turned_as_the_camera_was_held():
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    ready = make_ready(photo(exif=exif), "gate", CAREFUL)
    assert (ready.width, ready.height) == (48, 64)
    top, bottom = (opened(ready).getpixel((24, y)) for y in (5, 58))
    assert top[0] > 200 > bottom[0]


def test_nothing_but_the_picture_goes_out():
    exif = Image.Exif()
    exif[CAMERA] = "Camera of Samar Belkori"
    exif.get_ifd(0x8825)[2] = (46.0, 57.0, 0.0)
    ready = make_ready(photo(exif=exif, comment=b"Samar Belkori"), "gate", CAREFUL)
    assert b"Belkori" not in ready.data
    assert not opened(ready).getexif()
    assert set(opened(ready).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_texts_of_a_png_do_not_go_out():
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "Samar Belkori")
    ready = make_ready(photo(kind="PNG", pnginfo=texts), "gate", CAREFUL)
    assert ready.type == "image/png"
    assert b"Belkori" not in ready.data


def test_the_same_bytes_give_the_same_bytes():
    data = noise((300, 200))
    assert make_ready(data, "a", CAREFUL) == make_ready(data, "b", CAREFUL)


def test_a_picture_is_scaled_to_side_area_and_bytes():
    data = noise((800, 400))
    assert make_ready(data, "gate", replace(CAREFUL, side=200))[2:] == (200, 100)
    area = make_ready(data, "gate", replace(CAREFUL, pixels=20_000))
    assert area.width * area.height <= 20_000
    small = make_ready(data, "gate", replace(CAREFUL, bytes=20_000))
    assert len(small.data) <= 20_000
    assert small.width < 800
    assert small.width / small.height == pytest.approx(2, rel=0.05)


def test_what_cannot_be_made_small_enough_is_refused():
    with pytest.raises(PictureError, match="as small as 200 bytes"):
        make_ready(noise((800, 400)), "gate", replace(CAREFUL, bytes=200))


def test_a_drawing_stays_without_loss_and_a_clear_one_lies_on_white_as_jpeg():
    drawn = make_ready(photo(kind="PNG"), "gate", CAREFUL)
    assert opened(drawn).getpixel((5, 5)) == (255, 0, 0)
    file = BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(file, "PNG")
    assert opened(make_ready(file.getvalue(), "g", CAREFUL)).mode == "RGBA"
    flat = make_ready(file.getvalue(), "g", picture_limits("instagram"))
    assert flat.type == "image/jpeg"
    assert opened(flat).getpixel((5, 5)) == (255, 255, 255)


def test_of_a_picture_that_moves_the_first_frame_is_sent():
    file = BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    ready = make_ready(file.getvalue(), "gate", CAREFUL)
    assert opened(ready).convert("RGB").getpixel((5, 5)) == (255, 0, 0)
    assert getattr(opened(ready), "n_frames", 1) == 1


def _bomb(side: int) -> bytes:
    """A PNG of few bytes that claims to be *side* pixels wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    packed = chunk(b"IDAT", zlib.compress(b"\0" * 10_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + packed + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [8_001, 10_000, 100_000])
def test_a_bomb_is_refused_before_it_is_unpacked(side):
    with pytest.raises(PictureError, match="million pixels"):
        make_ready(_bomb(side), "bomb", CAREFUL)


def test_a_file_that_is_too_large_is_not_looked_at(monkeypatch):
    monkeypatch.setattr(pictures, "MAX_BYTES", 100)
    with pytest.raises(PictureError, match="is larger than"):
        make_ready(photo(), "gate", CAREFUL)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA"])
def test_a_picture_of_any_depth_is_read(mode):
    assert make_ready(photo(kind="PNG", mode=mode), "gate", CAREFUL).width == 64


def test_sixteen_bits_are_refused_and_not_turned_white():
    file = BytesIO()
    Image.new("I;16", (20, 20), 3000).save(file, "PNG")
    with pytest.raises(PictureError, match="16 bits"):
        make_ready(file.getvalue(), "gate", CAREFUL)


def test_every_platform_takes_jpeg_and_an_unknown_one_gets_the_careful_figures():
    assert all("image/jpeg" in limits.types for limits in PICTURES.values())
    assert picture_limits("nowhere") == CAREFUL
    assert min(limits.bytes for limits in PICTURES.values()) >= CAREFUL.bytes
