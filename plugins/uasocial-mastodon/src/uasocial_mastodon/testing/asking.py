"""A request as Rails reads it: the query, a form, a form in parts, or JSON."""

import json
from collections.abc import Mapping
from email import message_from_bytes, policy
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from uasocial.testing.loopback import Request

__all__ = ["Asked", "File", "asked"]


class File(NamedTuple):
    """A file of a form."""

    data: bytes
    type: str


class Asked(NamedTuple):
    """A request with its parameters; a list has a name without brackets."""

    method: str
    path: tuple[str, ...]
    headers: Mapping[str, str]
    given: Mapping[str, Any]
    files: Mapping[str, File]

    def text(self, name: str) -> str:
        value = self.given.get(name)
        return value if isinstance(value, str) else ""

    def has(self, name: str) -> bool:
        return name in self.given

    def texts(self, name: str) -> list[str]:
        value = self.given.get(name, [])
        return [str(one) for one in value] if isinstance(value, list) else [str(value)]

    def flag(self, name: str) -> bool:
        # https://docs.joinmastodon.org/client/intro/#boolean
        false = {"", "0", "f", "F", "false", "FALSE", "off", "OFF", "None", "False"}
        return str(self.given.get(name, "")) not in false


def asked(request: Request) -> Asked:
    """Read a request."""
    place = urlsplit(request.path)
    given: dict[str, Any] = _fields(parse_qs(place.query, keep_blank_values=True))
    files: dict[str, File] = {}
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        given |= json.loads(request.body)
    elif kind.startswith("multipart/form-data"):
        parts, files = _parts(kind, request.body)
        given |= parts
    elif request.body:
        given |= _fields(parse_qs(request.body.decode(), keep_blank_values=True))
    path = tuple(part for part in place.path.split("/") if part)
    return Asked(request.method, path, request.headers, given, files)


def _fields(fields: Mapping[str, list[str]]) -> dict[str, Any]:
    return {
        name.removesuffix("[]"): values if name.endswith("[]") else values[-1]
        for name, values in fields.items()
    }


def _parts(kind: str, body: bytes) -> tuple[dict[str, Any], dict[str, File]]:
    whole = message_from_bytes(
        b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body, policy=policy.HTTP
    )
    given: dict[str, Any] = {}
    files: dict[str, File] = {}
    for part in whole.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        data: Any = part.get_payload(decode=True)
        if part.get_filename() is None:
            given[name] = data.decode()
        else:
            files[name] = File(data, part.get_content_type())
    return given, files
