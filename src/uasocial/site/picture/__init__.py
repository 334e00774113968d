"""The share picture: shaped by HarfBuzz, with the fonts that lie here, alike on every machine."""

from uasocial.site.picture.painting import (
    HEIGHT,
    WIDTH,
    Painter,
    PictureWords,
    alt_text,
    share_picture,
)

__all__ = ["HEIGHT", "WIDTH", "Painter", "PictureWords", "alt_text", "share_picture"]
