"""Colours as `#rrggbb`, and whether one can be read on the other.

Relative luminance and contrast ratio as WCAG 2.2 defines them:
https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
"""

__all__ = ["contrast", "lightened", "luminance"]

# The share of white grows by this much; finer than what two hexadecimal digits can tell.
STEPS = 255


def contrast(a: str, b: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    darker, lighter = sorted((luminance(a), luminance(b)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, from 0 for black to 1 for white."""
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def lightened(colour: str, against: str, ratio: float) -> str:
    """Return *colour* with as little white as makes its contrast to *against* reach *ratio*.

    Raise ValueError where not even white reaches it.
    """
    for share in range(STEPS + 1):
        mixed = _with_white(colour, share / STEPS)
        if contrast(mixed, against) >= ratio:
            return mixed
    raise ValueError(f"no shade of {colour} has a contrast of {ratio} to {against}")


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB


def _with_white(colour: str, share: float) -> str:
    mixed = (round(part + (255 - part) * share) for part in _parts(colour))
    return "#" + "".join(f"{part:02x}" for part in mixed)
