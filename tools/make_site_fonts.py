"""Cut the fonts of the share picture out of the files that Debian installs.

Run it after a change of what follows, on Debian 12 with fonts-vollkorn, fonts-inter and
fonts-noto-core installed, and commit what it writes:

    python tools/make_site_fonts.py

It needs fonttools. The same files give the same bytes. No name of these fonts is reserved under
their licence (name table, ids 0 and 13), so that a part of a font may keep its name.
"""

from pathlib import Path
from typing import NamedTuple

from fontTools.subset import main as subset  # type: ignore[import-untyped]

INSTALLED = Path("/usr/share/fonts")
WRITTEN = Path(__file__).parents[1] / "src/uasocial/site/picture/fonts"

# Latin with Vietnamese, Greek and Cyrillic; punctuation, marks to combine, currencies, № ™ −.
EUROPEAN = (
    "U+20-7E,U+A0-24F,U+259,U+2B9-2BC,U+2C6-2C7,U+2D8-2DD,U+300-304,U+306-30C,U+31B,U+323-328,"
    "U+32E,U+331,U+370-3FF,U+400-52F,U+1E00-1EFF,U+2007-2015,U+2018-2022,U+2026,U+202F-2030,"
    "U+2032-2033,U+2039-203A,U+2044,U+2070-2079,U+20A0-20BF,U+2116,U+2122,U+2190-2193,U+2212,"
    "U+25CC"
)
# Arabic with Persian, Urdu, Pashto, Kurdish, Uyghur; the forms of letters come by shaping.
ARABIC = "U+20,U+A0,U+AB,U+BB,U+600-6FF,U+750-77F,U+200C-200F,U+2010-2011,U+25CC,U+FDFC"
HEBREW = "U+20,U+A0,U+591-5F4,U+200C-200F,U+20AA,U+25CC"


class Cut(NamedTuple):
    """A part of a font: the file it is cut from, and the characters that stay."""

    source: str
    characters: str


CUTS = (
    Cut("truetype/vollkorn/Vollkorn-Bold.ttf", EUROPEAN),
    Cut("opentype/inter/Inter-Medium.otf", EUROPEAN),
    Cut("truetype/noto/NotoNaskhArabic-Bold.ttf", ARABIC),
    Cut("truetype/noto/NotoSansArabic-Regular.ttf", ARABIC),
    Cut("truetype/noto/NotoSerifHebrew-Bold.ttf", HEBREW),
    Cut("truetype/noto/NotoSansHebrew-Regular.ttf", HEBREW),
)


def arguments(cut: Cut) -> list[str]:
    """Return what pyftsubset is called with."""
    source = INSTALLED / cut.source
    return [
        str(source),
        f"--unicodes={cut.characters}",
        f"--output-file={WRITTEN / source.name}",
        # Figures as high as capitals; the forms a language wants are kept anyway.
        "--layout-features+=lnum",
        # Drawn larger than any hint is made for.
        "--no-hinting",
        "--drop-tables+=DSIG,meta,MATH",
        "--name-IDs=0,1,2,3,4,5,6,13,14",
    ]


def main() -> None:
    for cut in CUTS:
        subset(arguments(cut))
        written = WRITTEN / Path(cut.source).name
        print(f"{written.stat().st_size:>8} {written.name}")


if __name__ == "__main__":
    main()
