"""The built site on hosts: nginx as the documentation sets it up, a plain one, and a disk."""

import gzip
import json
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPMessage, HTTPResponse
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from uasocial.site import headers
from uasocial.site.building import build
from uasocial.site.contents import Site
from uasocial.site.resource import MEDIA_TYPES, media_type
from uasocial.testing.fixtures import lacking

DOCS = Path(__file__).parents[2] / "docs"
PAGE = "/a/gate/en/"
TEXTS = MEDIA_TYPES.keys() - {".jpg", ".png", ".zip"}
# The machine may be busy.
PATIENCE = 20

# What nginx needs around a `server`, as whoever runs the tests; what it writes stays in one folder.
AROUND = """\
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error.log info;
events {{}}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    default_type application/octet-stream;
    server {{
        listen 127.0.0.1:{port};
        root {root};
{block}
    }}
}}
"""


class Host(NamedTuple):
    """An nginx that listens, and serves what is in *root*; what it writes lies in *folder*."""

    port: int
    root: Path
    folder: Path

    def get(self, path: str, **asked: str) -> tuple[int, HTTPMessage, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        named = {name.replace("_", "-"): value for name, value in asked.items()}
        connection.request("GET", path, headers=named)
        answer: HTTPResponse = connection.getresponse()
        found = answer.status, answer.headers, answer.read()
        connection.close()
        return found


def documented() -> str:
    """Return what the documentation says to write into a `server` of nginx."""
    text = (DOCS / "site.md").read_text(encoding="utf-8")
    [block] = re.findall(r"^```nginx\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return block


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + PATIENCE
    while True:
        assert process.poll() is None, "nginx has ended"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()
        except ConnectionRefusedError:
            assert time.monotonic() < end, "nginx does not listen"
            time.sleep(0.02)
        else:
            return


@pytest.fixture(scope="module")
def host(section, tmp_path_factory) -> Iterator[Host]:
    """The site on nginx, with the lines of the documentation."""
    # Where it lies, an ordinary user often does not look for programs.
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        lacking("nginx on this machine")
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    root = Path(shutil.copytree(section.root, tmp_path_factory.mktemp("host") / "site"))
    # One of each kind that a site may have.
    (root / "kinds").mkdir()
    for ending in MEDIA_TYPES:
        (root / "kinds" / f"one{ending}").touch()
    told = AROUND.format(folder=folder, port=port, root=root, block=documented())
    (folder / "nginx.conf").write_text(told, encoding="utf-8")
    command = [program, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"]
    with subprocess.Popen(command) as process:
        try:
            wait_for(port, process)
            yield Host(port, root, folder)
        finally:
            process.terminate()


# --- nginx, as it is documented ----------------------------------------------------------------


def test_a_page_has_the_policy_and_headers_that_serve_sends(host):
    status, said, body = host.get(PAGE)
    assert status == 200
    assert "Open the gate of the valley" in body.decode()
    ours = headers.for_page()
    shared = ["Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options"]
    assert {name: said.get_all(name) for name in shared} == {name: [ours[name]] for name in shared}
    assert said.get_all("Cache-Control") == ["no-cache"]


def test_what_never_changes_is_kept_and_has_the_same_policy(host):
    for file in (host.root / "static").iterdir():
        status, said, body = host.get(f"/static/{file.name}")
        assert (status, body) == (200, file.read_bytes())
        assert said.get_all("Cache-Control") == ["public, max-age=31536000, immutable"]
        assert said.get_all("Content-Security-Policy") == [headers.CSP]


@pytest.mark.parametrize(
    "path", ["/a/none/en/", "/none.html", "/static/none.js", "/static/", "/a/"]
)
def test_what_is_not_there_is_lost_with_our_page_and_is_not_kept(path, host):
    status, said, body = host.get(path)
    assert (status, body) == (404, (host.root / "404.html").read_bytes())
    assert said.get_all("Cache-Control") == ["no-cache"]
    assert said.get_all("Content-Security-Policy") == [headers.CSP]


def test_each_file_is_sent_as_what_it_is(host):
    paths = [path.relative_to(host.root).as_posix() for path in host.root.rglob("*.*")]
    assert "kinds/one.ics" in paths
    said = {path: host.get(f"/{path}")[1].get("Content-Type") for path in paths}
    assert said == {path: media_type(path) for path in paths}


def test_text_is_packed_and_a_picture_is_not(host):
    whole = host.root / "a/gate/en"
    (letter,) = (path.name for path in whole.glob("letter-minister-*.txt"))
    for name in ("index.html", "feed.atom", "feed.json", "deadline.ics", letter):
        _, said, body = host.get(f"{PAGE}{name}", Accept_Encoding="gzip")
        assert said["Content-Encoding"] == "gzip", name
        assert said["Vary"] == "Accept-Encoding"
        assert gzip.decompress(body) == (whole / name).read_bytes()
    for ending in ("css", "js", "svg"):
        for file in host.root.glob(f"static/*.{ending}"):
            _, said, _ = host.get(f"/static/{file.name}", Accept_Encoding="gzip")
            assert said["Content-Encoding"] == "gzip", file.name
    assert host.get(f"{PAGE}share.png", Accept_Encoding="gzip")[1]["Content-Encoding"] is None


def test_nobody_who_reads_is_written_down(host):
    for path in (PAGE, "/none/secret", "/static/", "/%2e%2e/secret", "/a/gate/en"):
        host.get(path)
    written = [
        path for path in host.folder.rglob("*") if path.is_file() and "conf" not in path.name
    ]
    said = "".join(path.read_text(encoding="utf-8") for path in written)
    assert "127.0.0.1" not in said
    assert "secret" not in said


# --- without a server of any kind ------------------------------------------------------------


@pytest.fixture(scope="module")
def stick(section, tmp_path_factory) -> Path:
    """The site for a memory stick, where nobody knows an address."""
    root = tmp_path_factory.mktemp("stick") / "site"
    build(Site(section.site.kit, ""), root)
    return root


def links_in(file: Path) -> Iterator[str]:
    """List where a page leads, and what it loads, also that which only script does."""
    for node in LexborHTMLParser(file.read_bytes()).css("[href], [src], [data-count]"):
        said = node.attributes
        yield from (said[name] for name in ("href", "src", "data-count") if said.get(name))
        yield from json.loads(said.get("data-tables") or "{}").values()


def leads_to(link: str, page: Path, root: Path) -> bool:
    """Tell whether a link of a page leads to a file of *root*, and to a place that is in it."""
    address, place = urldefrag(urljoin(page.as_uri(), link))
    file = Path(unquote(urlsplit(address).path))
    # A folder is none: on a disk a browser would list what is in it.
    if not (file.is_relative_to(root) and file.is_file()):
        return False
    return not place or f'id="{place}"' in file.read_text(encoding="utf-8")


def broken(root: Path) -> list[str]:
    """List the links of all pages of a folder that lead nowhere, each with its page."""
    # Only a host shows that one, at whatever address was asked for.
    pages = sorted(page for page in root.rglob("*.html") if page.name != "404.html")
    assert len(pages) > 1
    found = {(page, link) for page in pages for link in links_in(page)}
    inner = {(page, link) for page, link in found if not urlsplit(link).scheme}
    assert inner
    return [f"{page}: {link}" for page, link in inner if not leads_to(link, page, root)]


def test_every_link_within_the_site_leads_somewhere_also_on_a_disk(section):
    assert broken(section.root) == []


def test_every_link_within_a_site_for_a_memory_stick_leads_somewhere(stick):
    assert broken(stick) == []


def test_every_link_within_a_pack_leads_somewhere(section):
    for pack in section.packs.iterdir():
        assert broken(pack) == []


def text_of(file: Path) -> str:
    text = file.read_text(encoding="utf-8")
    # In a calendar a long line goes on in the next: https://www.rfc-editor.org/rfc/rfc5545#section-3.1
    return text.replace("\n ", "") if file.suffix == ".ics" else text


def test_every_address_of_the_site_that_a_file_names_is_there(section):
    named = re.compile(re.escape(section.url) + r"/([^\s\"'<>\\#]*)")
    texts = [text_of(file) for file in section.root.rglob("*.*") if file.suffix in TEXTS]
    found = {unquote(path) for text in texts for path in named.findall(text)}
    assert {"", "en/", "a/gate/en/", "a/gate/en/feed.json", "a/gate/en/share.png"} <= found
    files = {path: section.root / path for path in found}
    assert [
        path
        for path, file in files.items()
        if not (file / "index.html").is_file() and not file.is_file()
    ] == []
