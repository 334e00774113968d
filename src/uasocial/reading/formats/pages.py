"""Saved web pages: the lines that a browser would show, and what the page says of itself."""

import re
from collections.abc import Iterator
from typing import Literal
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from uasocial.errors import DocumentError
from uasocial.reading.document import Document, Kind
from uasocial.reading.formats import text as plain
from uasocial.reading.formats.lines import LINE_END, Lines, document

__all__ = ["read"]

_HEAD = 4096
MAX_LINK = 2048

_UNSEEN = frozenset(
    "head script style template noscript iframe noembed noframes object audio video canvas svg math"
    " datalist".split()
)
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    "li": "item",
    "td": "cell",
    "th": "cell",
    "nav": "menu",
    "footer": "menu",
}
# Those that stand apart from what is before and after them, and those that only begin a line.
_APART = frozenset(
    "address article aside blockquote body details dialog div dl fieldset figure footer form h1 h2"
    " h3 h4 h5 h6 header hgroup hr main menu nav ol p pre search section table ul".split()
)
_TIGHT = frozenset(
    "caption center dd dt figcaption legend li option optgroup select summary tbody td textarea"
    " tfoot th thead tr".split()
)
_AS_WRITTEN = frozenset(["pre", "textarea", "listing", "xmp", "plaintext"])

# White space that a browser shows as one space: https://infra.spec.whatwg.org/#ascii-whitespace
_WHITE = re.compile("[ \t\n\f\r]+")
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)")
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{1,40})", re.IGNORECASE)

# The labels that pages use, and the codecs browsers take for them: https://encoding.spec.whatwg.org
_CODECS = {
    **dict.fromkeys(("iso-8859-1", "latin1", "us-ascii", "ascii", "windows-1252"), "cp1252"),
    **{f"windows-{n}": f"cp{n}" for n in (874, 1250, 1251, *range(1253, 1259))},
    **{f"iso-8859-{n}": f"iso8859-{n}" for n in (*range(2, 9), 10, 13, 14, 15, 16)},
    **dict.fromkeys(("gb2312", "gbk", "gb18030"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis"), "cp932"),
    "big5": "big5hkscs",
    "euc-jp": "euc-jp",
    "euc-kr": "cp949",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "macintosh": "mac-roman",
}

Event = tuple[Literal["open", "close", "text"], LexborNode]


def read(data: bytes, name: str) -> Document:
    """Read a page; raise DocumentError where nothing in it can be seen."""
    source, about = _decode(data, name)
    root = LexborHTMLParser(source).root
    if root is None:
        raise DocumentError(name, _NOTHING)
    url = _own_address(root, source)
    lines = _Shown(name, _base(root, url)).lines_of(root)
    if not len(lines):
        raise DocumentError(name, _NOTHING)
    title = root.css_first("head > title")
    return document(
        name, "html", data, lines.done(), url=url, about=about, title=title.text() if title else ""
    )


_NOTHING = "shows no text: save the page in a browser once it is loaded, as a whole web page"


def _decode(data: bytes, name: str) -> tuple[str, str]:
    """Decode by mark, else by what the page declares, else as any text."""
    label = _CHARSET.search(data[:_HEAD])
    codec = _CODECS.get(label[1].decode().lower()) if label else None
    if codec is None or data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return plain.decode(data, name)
    text = data.decode(codec, "replace")
    broken = text.count("\ufffd")
    return text, f"has broken {codec} in {broken} places: read as \ufffd" if broken else ""


def _own_address(root: LexborNode, source: str) -> str:
    """Return the first web address that the page gives for itself, or an empty text."""
    saved = _SAVED_FROM.search(source[:_HEAD])
    said = (
        _attribute(root.css_first('link[rel="canonical"]'), "href"),
        _attribute(root.css_first('meta[property="og:url"]'), "content"),
        saved[1] if saved else "",
    )
    return next((address for url in said if (address := _address("", url, "http", "https"))), "")


def _base(root: LexborNode, url: str) -> str:
    base = _attribute(root.css_first("base[href]"), "href")
    return _address(url, base, "http", "https") or url


def _attribute(node: LexborNode | None, name: str) -> str:
    return (node.attributes.get(name) or "").strip() if node is not None else ""


def _address(base: str, reference: str, *schemes: str) -> str:
    """Return where *reference* leads from *base*, if that is an address of these *schemes*."""
    if not reference or len(reference) > MAX_LINK or not reference.isprintable():
        return ""
    try:
        address = urljoin(base, reference)
        parts = urlsplit(address)
    except ValueError:
        return ""
    leads = parts.netloc or (parts.scheme == "mailto" and parts.path)
    return address if parts.scheme in schemes and leads and " " not in address else ""


def _events(root: LexborNode) -> Iterator[Event]:
    """Walk the seen part of the tree, however deep, in reading order."""
    # Nodes are never compared: selectolax writes both out as HTML for that.
    node: LexborNode | None = root
    depth = 0
    while node is not None:
        if node.is_text_node:
            yield "text", node
        elif node.is_element_node and _is_seen(node):
            yield "open", node
            if (child := node.first_child) is not None:
                node, depth = child, depth + 1
                continue
            yield "close", node
        while depth and node is not None and node.next is None:
            node, depth = node.parent, depth - 1
            if node is not None:
                yield "close", node
        node = node.next if depth and node is not None else None


def _is_seen(node: LexborNode) -> bool:
    if node.tag in _UNSEEN:
        return False
    attributes = node.attributes
    return "hidden" not in attributes and not _NOT_SHOWN.search(attributes.get("style") or "")


class _Shown:
    """Lays a tree out as lines."""

    def __init__(self, name: str, base: str) -> None:
        self._lines = Lines(name)
        self._base = base
        self._text: list[str] = []
        self._link = ""
        self._kinds: list[Kind] = ["text"]
        self._links: list[str] = [""]
        self._as_written = 0

    def lines_of(self, root: LexborNode) -> Lines:
        for event, node in _events(root):
            if event == "text":
                self._write(node.text_content or "")
            else:
                self._pass(node, node.tag or "", opening=event == "open")
        self._end_line()
        return self._lines

    def _write(self, text: str) -> None:
        if self._as_written:
            *ended, text = LINE_END.split(text)
            for line in ended:
                self._text.append(line)
                self._end_line(keep_empty=True)
        self._text.append(text)
        if not self._link and text.strip():
            self._link = self._links[-1]

    def _pass(self, node: LexborNode, tag: str, *, opening: bool) -> None:
        """Take notice of the beginning or the end of an element."""
        if tag == "br":
            if opening:
                self._break()
            return
        if tag in _APART or tag in _TIGHT:
            self._end_line()
        if tag in _APART:
            self._lines.gap()
        if tag in _AS_WRITTEN:
            self._as_written += 1 if opening else -1
        if tag in _KINDS:
            # What is in a menu is menu, also an item or a heading.
            kind = "menu" if self._kinds[-1] == "menu" else _KINDS[tag]
            _push_or_pop(self._kinds, kind, opening=opening)
        if tag == "a":
            link = self._leads(node) if opening else ""
            _push_or_pop(self._links, link, opening=opening)

    def _leads(self, node: LexborNode) -> str:
        return _address(self._base, _attribute(node, "href"), "http", "https", "mailto")

    def _break(self) -> None:
        if not self._end_line():
            self._lines.gap()

    def _end_line(self, *, keep_empty: bool = False) -> bool:
        """Add the line so far, if there is anything in it to see."""
        text = "".join(self._text)
        text = text if self._as_written else _WHITE.sub(" ", text)
        seen = bool(text.strip(" \t\n\r\f"))
        if seen:
            self._lines.add(text, self._kinds[-1], link=self._link)
        elif keep_empty:
            self._lines.gap()
        self._text, self._link = [], ""
        return seen


def _push_or_pop(stack: list[str] | list[Kind], value: str, *, opening: bool) -> None:
    if opening:
        stack.append(value)  # type: ignore[arg-type] # each stack is given its own
    else:
        stack.pop()
