"""The map of the site for machines that look for pages (sitemaps.org), and what they may read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, tostring
from xml.sax.saxutils import escape

from uasocial.site import paths

__all__ = ["SitemapPage", "robots", "sitemap"]

# https://www.sitemaps.org/protocol.html#index: 50,000 addresses, and 52,428,800 bytes
MOST = 50_000
MOST_BYTES = 52_000_000
SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
_QUOTE = {'"': "&quot;"}
_DECLARATION = b"<?xml version='1.0' encoding='utf-8'?>"


class SitemapPage(NamedTuple):
    """A page, and by language (or `x-default`) the pages that say the same, itself among them.

    https://developers.google.com/search/docs/specialty/international/localized-versions
    """

    path: str
    updated: date | None = None
    alternates: Mapping[str, str] = {}


class _Part(NamedTuple):
    """One map of several: its addresses as XML, and the latest change of them."""

    addresses: list[bytes]
    updated: date | None


def sitemap(pages: Iterable[SitemapPage], base: str) -> dict[str, bytes]:
    """Return the files of the map by their paths: one, or an index and its parts where it is long.

    Without *base* there is none, for a map has whole addresses.
    """
    if not base:
        return {}
    parts = list(_parts(pages, base))
    if len(parts) <= 1:
        return {paths.SITEMAP: _map(parts[0].addresses if parts else [])}
    stem, _, ending = paths.SITEMAP.rpartition(".")
    names = [f"{stem}-{number}.{ending}" for number in range(1, len(parts) + 1)]
    found = {name: _map(part.addresses) for name, part in zip(names, parts, strict=True)}
    return {paths.SITEMAP: _index(names, parts, base), **found}


def robots(base: str) -> bytes:
    """Return that all may be read, and where the map is (RFC 9309)."""
    lines = ["User-agent: *", "Allow: /"]
    if base:
        lines += ["", f"Sitemap: {paths.public(base, paths.SITEMAP)}"]
    return "".join(f"{line}\n" for line in lines).encode()


def _parts(pages: Iterable[SitemapPage], base: str) -> Iterator[_Part]:
    addresses: list[bytes] = []
    days: list[date] = []
    size = 0
    for page in pages:
        made = _address(page, base).encode()
        if addresses and (len(addresses) == MOST or size + len(made) > MOST_BYTES):
            yield _Part(addresses, max(days, default=None))
            addresses, days, size = [], [], 0
        addresses.append(made)
        days += [page.updated] if page.updated else []
        size += len(made)
    if addresses:
        yield _Part(addresses, max(days, default=None))


def _address(page: SitemapPage, base: str) -> str:
    # A site has thousands of them, and of each change all are written.
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{escape(language, _QUOTE)}" '
        f'href="{escape(paths.public(base, path), _QUOTE)}" />'
        for language, path in page.alternates.items()
    )
    day = f"<lastmod>{page.updated.isoformat()}</lastmod>" if page.updated else ""
    return f"<url><loc>{escape(paths.public(base, page.path))}</loc>{day}{links}</url>"


def _map(addresses: Iterable[bytes]) -> bytes:
    begin = f'<urlset xmlns="{SITEMAPS}" xmlns:xhtml="{XHTML}">'.encode()
    return b"\n".join((_DECLARATION, begin, *addresses, b"</urlset>\n"))


def _index(names: Sequence[str], parts: Sequence[_Part], base: str) -> bytes:
    root = Element("sitemapindex", {"xmlns": SITEMAPS})
    for name, part in zip(names, parts, strict=True):
        made = SubElement(root, "sitemap")
        SubElement(made, "loc").text = paths.public(base, name)
        if part.updated:
            SubElement(made, "lastmod").text = part.updated.isoformat()
    written: bytes = tostring(root, encoding="utf-8")
    return _DECLARATION + b"\n" + written
