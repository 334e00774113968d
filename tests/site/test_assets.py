"""A section's own logo and styles, and what is refused of them."""

import pytest
from tests.site import gates

from uasocial.errors import UasocialError
from uasocial.site.assets import Assets
from uasocial.site.building import build
from uasocial.site.contents import Site

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060"
    "00000004000147e1d3c10000000049454e44ae426082"
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1"/></svg>'


@pytest.fixture
def own(cases):
    (cases.root / "site").mkdir()

    def put(name: str, data: bytes) -> Assets:
        (cases.root / "site" / name).write_bytes(data)
        return Assets(cases.kit().project)

    return put


def test_a_file_is_named_by_its_content(own):
    first = own("extra.css", b"p { color: red; }").styles
    second = own("extra.css", b"p { color: blue; }").styles
    assert first != second
    assert first.startswith("static/site.")


def test_the_section_s_styles_come_after_ours(own):
    assets = own("extra.css", b".mine { color: red; }")
    (styles,) = [one for one in assets.resources() if one.path == assets.styles]
    assert styles.make().endswith(b".mine { color: red; }")
    assert styles.make().startswith(b":root { --accent: #0b5d57; --accent-dark: #")


def test_a_logo_stands_in_the_place_of_the_envelope(own):
    assets = own("logo.svg", SVG)
    assert assets.icon == assets.logo
    assert assets.logo.startswith("static/logo.")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("logo.png", b"no picture", "is no PNG picture"),
        ("logo.svg", b"no picture", "is no SVG picture"),
        ("logo.svg", SVG.replace(b"<path", b"<script>alert(1)</script><path"), "holds a script"),
        ("logo.svg", SVG.replace(b"<path", b"<path onload='alert(1)'"), "holds a script"),
        ("logo.svg", SVG.replace(b"<path", b"<a href='javascript:alert(1)'/><path"), "a script"),
        ("logo.svg", SVG + b" " * 600_000, "is larger than 500 kB"),
        ("logo.svg", b"<svg></svg>", "is no SVG picture"),
        ("logo.svg", SVG.replace(b"/></svg>", b"/>"), r"is no SVG picture \(no element found"),
        ("logo.png", PNG[:16], r"logo\.png: the logo cannot be read as PNG, JPEG or WebP: Trunc"),
        ("logo.png", PNG[:8] + SVG, r"logo\.png: the logo cannot be read as PNG, [^<]*: save it"),
    ],
)
def test_a_logo_that_is_none_or_runs_something_is_refused(own, name, data, said):
    with pytest.raises(UasocialError, match=said):
        _ = own(name, data).logo


HIDDEN = [
    '<s:script xmlns:s="http://www.w3.org/2000/svg">alert(1)</s:script>',
    '<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>',
    '<m:maction xmlns:m="http://www.w3.org/1998/Math/MathML" href="#a"/>',
    "<a href='java&#115;cript:alert(1)'/>",
    "<a><animate attributeName='href' values='java&#115;cript:alert(1)'/></a>",
    "<set attributeName='href' to='javascript:alert(1)'/>",
    "<path on&#108;oad='alert(1)'/>",
    "<path OnLoad = 'alert(1)'/>",
    "<foreignObject/>",
    "<use href='https://x.example/a.svg#a'/>",
    "<use xmlns:l='http://www.w3.org/1999/xlink' l:href='data:image/svg+xml,a#a'/>",
    "<image href='//x.example/a.png'/>",
    "<style>@import '//x.example/a.css';</style>",
    "<style>p { fill: <![CDATA[ur]]>l( 'https://x.example/a') }</style>",
    "<path style='fill: u\\72l(//x.example/a)'/>",
    "<path fill='url(//x.example/a.svg#a)'/>",
    "<?xml-stylesheet href='a.xsl' type='text/xsl'?>",
]


@pytest.mark.parametrize("within", HIDDEN)
def test_a_drawing_that_runs_or_fetches_something_is_refused_however_it_is_spelt(own, within):
    with pytest.raises(UasocialError, match=r"logo\.svg: (holds a script|is no SVG picture)"):
        _ = own("logo.svg", SVG.replace(b"</svg>", within.encode() + b"</svg>")).logo


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_doctype_brings_nothing_with_it(own, encoding):
    doctype = '<!DOCTYPE svg [<!ENTITY a "<script/>">]>'
    with pytest.raises(UasocialError, match="a DOCTYPE with parts of its own"):
        _ = own("logo.svg", (doctype + SVG.decode()).encode(encoding)).logo


def test_what_programs_for_drawing_write_is_taken(own):
    data = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg:svg xmlns:svg="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:ink="http://www.inkscape.org/namespaces/inkscape" ink:export-filename="C:\\logo.png">
<svg:title>C:\\logo</svg:title><ink:namedview id="a"/>
<svg:style>.a { fill: url( "#b" ) }</svg:style>
<svg:use xlink:href="#b" style="fill:url(#b)"/><svg:image href="data:image/png;base64,AA"/>
</svg:svg>"""
    assert own("logo.svg", data).logo


@pytest.mark.parametrize("name", ["extra.css", "logo.svg"])
def test_a_link_brings_in_no_file_from_outside_the_project(cases, tmp_path, name):
    (cases.root / "site").mkdir()
    for place, is_ours in ((tmp_path / "outside", False), (cases.root / "shared", True)):
        place.write_bytes(SVG)
        link = cases.root / "site" / name
        link.unlink(missing_ok=True)
        link.symlink_to(place)
        assets = Assets(cases.kit().project)
        if is_ours:
            assert list(assets.resources())
        else:
            with pytest.raises(UasocialError, match=rf"site/{name}: leads out of the project"):
                list(assets.resources())


def test_a_broken_logo_ends_a_build_and_is_told_once_whatever_number_of_cases_shows_it(
    cases, own, tmp_path
):
    for number in (1, 2):
        cases.write(f"gate-{number}", gates.facts_of(f"UA {number}/26"), en=gates.WORDS)
    own("logo.png", PNG[:16])
    with pytest.raises(UasocialError) as told:
        build(Site(cases.kit(), gates.BASE), tmp_path / "out")
    assert str(told.value).count("logo.png: the logo cannot be read") == 1
    assert "share.png" not in str(told.value)
