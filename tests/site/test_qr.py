"""The QR code of an address: what a camera reads, and what a page may hold."""

import io
from xml.etree import ElementTree as ET

import pytest
from PIL import Image, ImageDraw

from uasocial.errors import UasocialError
from uasocial.site.machines.qr import qr_png, qr_svg
from uasocial.testing.fixtures import lacking

ADDRESSES = [
    "https://example.org/a/ua-119-21/",
    "https://example.org/actions/?a=1&b=<2>#x",
    "https://example.org/" + "long/" * 60,
]
SVG = "{http://www.w3.org/2000/svg}"


def read(picture):
    """Return what a reader of codes finds in a picture."""
    try:
        import zxingcpp
    except ModuleNotFoundError:
        lacking("zxing-cpp in this Python")
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def painted(svg, scale):
    """Draw the rows of a code by its path, as a browser does."""
    tree = ET.fromstring(svg)
    *_, wide, high = map(int, tree.get("viewBox").split())
    picture = Image.new("L", (wide * scale, high * scale), 255)
    pen = ImageDraw.Draw(picture)
    steps = tree.findall(f"{SVG}path")[1].get("d").replace("-", " -")
    x = y = 0.0
    for letter, first, second in commands(steps):
        if letter == "M":
            x, y = first, second
        elif letter == "m":
            x, y = x + first, y + second
        else:
            top, left = (y - 0.5) * scale, x * scale
            pen.rectangle([left, top, left + first * scale - 1, top + scale - 1], fill=0)
            x += first
    return picture


def commands(path):
    import regex

    for letter, numbers in regex.findall(r"([Mmh])([^Mmh]*)", path):
        first, *second = map(float, numbers.split())
        yield letter, first, second[0] if second else 0


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_camera_reads_the_address_off_the_pixels(address):
    assert read(Image.open(io.BytesIO(qr_png(address)))) == [address]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_camera_reads_the_address_off_the_drawing(address):
    assert read(painted(qr_svg(address), 6)) == [address]


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_drawing_has_the_address_as_its_name(address):
    assert ET.fromstring(qr_svg(address)).find(f"{SVG}title").text == address


def test_the_drawing_takes_the_size_of_its_place():
    tree = ET.fromstring(qr_svg(ADDRESSES[0]))
    assert (tree.get("width"), tree.get("height")) == (None, None)
    assert tree.get("viewBox") == "0 0 37 37"


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_in_the_drawing_is_a_style_or_a_script(address):
    allowed = {"svg", "title", "path"}
    for part in ET.fromstring(qr_svg(address)).iter():
        assert part.tag.removeprefix(SVG) in allowed
        assert set(part.attrib) <= {"viewBox", "role", "shape-rendering", "fill", "stroke", "d"}


def test_four_modules_around_the_code_are_quiet():
    picture = Image.open(io.BytesIO(qr_png(ADDRESSES[0]))).convert("L")
    module = picture.width // 37
    dark = picture.point(lambda value: 255 - value).getbbox()
    assert dark == (4 * module, 4 * module, 33 * module, 33 * module)


def test_a_code_survives_a_stain():
    picture = Image.open(io.BytesIO(qr_png(ADDRESSES[0]))).convert("L")
    middle = picture.width // 2
    ImageDraw.Draw(picture).ellipse([middle - 60, middle - 60, middle + 60, middle + 60], fill=255)
    assert read(picture) == [ADDRESSES[0]]


def test_the_same_address_gives_the_same_bytes():
    assert qr_svg(ADDRESSES[1]) == qr_svg(ADDRESSES[1])
    assert qr_png(ADDRESSES[1]) == qr_png(ADDRESSES[1])


def test_a_character_that_no_drawing_may_hold_is_written_as_an_escape():
    title = ET.fromstring(qr_svg("https://example.org/\x00")).find(f"{SVG}title").text
    assert title == r"https://example.org/\x00"


@pytest.mark.parametrize("address", ["https://example.org/" + "x" * 4000, "\ud800"])
@pytest.mark.parametrize("draw", [qr_svg, qr_png])
def test_what_no_code_can_hold_is_an_error_of_one_line(draw, address):
    with pytest.raises(UasocialError, match=r"^no QR code can hold the address .*shorten it$"):
        draw(address)
