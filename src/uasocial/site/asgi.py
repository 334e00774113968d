"""The site as an ASGI application: `uvicorn --factory uasocial.site.asgi:application`.

The environment variable UASOCIAL_PROJECT names the project. No address, no program and no path of
who reads is written anywhere, no cookie is set, and nothing is asked but GET and HEAD.
"""

import logging
from datetime import datetime
from http import HTTPStatus
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, Router

from uasocial.errors import SettingsError, UasocialError, printable
from uasocial.settings import find_project
from uasocial.site import headers, paths
from uasocial.site.resource import media_type
from uasocial.site.serving.served import Found, Served

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["LOG", "application", "pages"]

LOG = "uasocial.site"

# For how many seconds the same line is not written again.
QUIET = 60
# What a supporter cannot see without a program of its own is for keeping. A calendar file is not
# among them: a phone offers at once to add what it can open.
_DOWNLOADS = (".eml", ".zip")
# Named by their content, they never change; a year: https://www.rfc-editor.org/rfc/rfc8246
_FOREVER = "public, max-age=31536000, immutable"
# Kept, but never shown without asking whether it still holds: a stop shows at once.
_ASK_FIRST = "no-cache"
# What a search engine lists no more, and what it is to ask for again.
_STATUS = {"withdrawn": HTTPStatus.GONE, "unreadable": HTTPStatus.SERVICE_UNAVAILABLE}
# An hour: a person has to mend the files.
_AGAIN = {HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": "3600"}}


def application(
    project: str | None = None, *, base: str | None = None, as_of: datetime | None = None
) -> "ASGIApp":
    """Make the application for a project; raise SettingsError where there is none.

    *base* is the address where the site stands, otherwise `url` of the settings; *as_of* is a
    moment to rehearse, with its zone.
    """
    log = logging.getLogger(LOG)
    found = find_project(project)
    if found.root is None and as_of is None:
        raise SettingsError(
            "there is no project here, and the sample is for nobody's public: name a folder in "
            "UASOCIAL_PROJECT"
        )
    return pages(Served(found, base, as_of=as_of, log=log.warning))


def pages(served: Served) -> "ASGIApp":
    """Make the application that gives out what is *served*."""
    answering = _Answering(served)
    return Router(
        [Route("/{path:path}", answering.answer, methods=["GET"])],
        redirect_slashes=False,
        middleware=[Middleware(_Headers, rehearsal=served.is_rehearsal)],
    )


class _Headers:
    """Puts the policy on every answer, and leaves all but the head out of one to HEAD."""

    def __init__(self, app: "ASGIApp", *, rehearsal: bool) -> None:
        self._app = app
        self._rehearsal = rehearsal

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        said = headers.for_page(https=scope.get("scheme") == "https", rehearsal=self._rehearsal)
        policy = [(name.lower().encode("ascii"), said[name].encode("ascii")) for name in said]

        async def send_with_policy(message: "Message") -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *policy]
            elif message["type"] == "http.response.body" and scope["method"] == "HEAD":
                message["body"] = b""
            await send(message)

        await self._app(scope, receive, send_with_policy)


class _Answering:
    """Answers requests; starlette calls it in a thread of its own, as it waits for files."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._log = logging.getLogger(LOG)
        self._said = ("", 0.0)

    def answer(self, request: "Request") -> Response:
        # The pattern of a route passes over a line feed at the end.
        left_out = "\n" if request.scope["path"].endswith("\n") else ""
        path = f"{request.path_params['path']}{left_out}"
        try:
            return self._found(request, path)
        except UasocialError as error:
            self._say(str(error))
        except Exception as error:  # noqa: BLE001 - nothing of it is for who reads
            self._say(f"{_where(error)}: {error!r}")
        return PlainTextResponse(
            "This page cannot be shown now. Please try again later.\n",
            HTTPStatus.INTERNAL_SERVER_ERROR,
            {"Cache-Control": "no-store"},
        )

    def _say(self, line: str) -> None:
        """Write a line into the log; not each time, as many may ask for what is broken."""
        line = printable(line).replace("\n", " ")
        said, at = self._said
        if line != said or monotonic() - at > QUIET:
            self._said = (line, monotonic())
            self._log.error(line)

    def _found(self, request: "Request", path: str) -> Response:
        file = f"{path}{paths.INDEX}" if not path or path.endswith("/") else path
        found = self._served.find(file)
        if found is not None:
            return _sent(request, found, _STATUS.get(found.state or "", HTTPStatus.OK))
        return self._moved(path, file) or self._lost(request)

    def _moved(self, path: str, file: str) -> Response | None:
        """Send on who left out the slash of a folder, or asks for a page that is silent now."""
        if path == file and "." not in path.rpartition("/")[2]:
            file = f"{path}/{paths.INDEX}"
            if self._served.find(file) is not None:
                return _sent_on(HTTPStatus.PERMANENT_REDIRECT, f"./{_last(path)}/")
        place = self._served.explained(file)
        # Not for good: what cannot be read now may be read again.
        return _sent_on(HTTPStatus.TEMPORARY_REDIRECT, _way(path, place)) if place else None

    def _lost(self, request: "Request") -> Response:
        # As a browser counts the folders: what is escaped divides none.
        asked = request.scope.get("raw_path") or request.scope["path"].encode()
        within = request.scope.get("root_path", "").encode()
        found = self._served.lost(asked.removeprefix(within).count(b"/") - 1)
        status = HTTPStatus.NOT_FOUND
        return _sent(request, found, status) if found else PlainTextResponse("Not found\n", status)


def _where(error: BaseException) -> str:
    """Return the name of the module, and the line, that an error which nobody expected is from."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "?"
    return f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"


def _way(path: str, folder: str) -> str:
    """Return the way from the address *path* to a folder above it."""
    return f"{paths.link(path, folder)}/"


def _last(path: str) -> str:
    return quote(path.rpartition("/")[2], safe="")


def _sent_on(status: HTTPStatus, place: str) -> Response:
    """Answer with a place relative to that asked for, which holds under whatever address."""
    return Response(status_code=status, headers={"Location": place, "Cache-Control": _ASK_FIRST})


def _sent(request: "Request", found: Found, status: HTTPStatus) -> Response:
    body = found.body
    packed = bool(body.packed) and _takes_gzip(request.headers.getlist("accept-encoding"))
    tag = body.packed_tag if packed else body.tag
    said = {"ETag": tag, "Cache-Control": _caching(found.path)}
    if body.packed:
        said["Vary"] = "Accept-Encoding"
    # https://www.rfc-editor.org/rfc/rfc9110#section-13.2.1: only what is there can be unchanged.
    if status == HTTPStatus.OK and _is_known(tag, request.headers.getlist("if-none-match")):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=said)
    content = body.packed if packed else body.plain
    said["Content-Type"] = media_type(found.path)
    said |= {"Content-Encoding": "gzip"} if packed else {}
    said |= _disposition(found.path)
    return Response(content, status, said | _AGAIN.get(status, {}))


def _caching(path: str) -> str:
    return _FOREVER if path.startswith("static/") else _ASK_FIRST


def _disposition(path: str) -> dict[str, str]:
    """Let a download have a name that tells it from that of another case or language."""
    if not path.endswith(_DOWNLOADS):
        return {}
    name = quote("-".join(path.split("/")[1:]), safe="")
    # https://www.rfc-editor.org/rfc/rfc6266#section-4.3
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}


def _is_known(tag: str, named: list[str]) -> bool:
    """Tell whether *tag* is among those of If-None-Match, which may be called weak."""
    tags = [one.strip().removeprefix("W/") for one in ",".join(named).split(",")]
    return tag in tags or "*" in tags


def _takes_gzip(accepted: list[str]) -> bool:
    """Tell whether who asks takes gzip: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3."""
    weights: dict[str, str] = {}
    for part in ",".join(accepted).lower().split(","):
        name, _, weight = part.replace(" ", "").replace("\t", "").partition(";q=")
        weights[name] = weight or "1"
    said = weights.get("gzip", weights.get("x-gzip", weights.get("*", "0")))
    return said.strip("0.") != ""
