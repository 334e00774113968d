"""`uasocial serve`: the pages that supporters share from, fresh from the files."""

import errno
import ipaddress
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

import click

from uasocial.cli import common
from uasocial.errors import UasocialError, printable

if TYPE_CHECKING:
    import uvicorn

    from uasocial.site.serving.served import Served

LAST_PORT = 65_535
# Seconds in which what was begun may be sent to its end.
PATIENCE = 5


@click.command("serve")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Where to listen; 0.0.0.0 is for all of this network.",
)
@click.option("--port", type=click.IntRange(0, LAST_PORT), default=8000, show_default=True)
@click.option(
    "--base",
    metavar="URL",
    help="The address where others find it, in place of `url` in [site]; empty for none.",
)
@click.option("--open", "open_it", is_flag=True, help="Open it in the browser.")
@common.page_moment_option
@click.pass_context
def command(
    context: click.Context,
    host: str,
    port: int,
    base: str | None,
    open_it: bool,
    as_of: date | None,
) -> None:
    """Serve the site that supporters share from, until Ctrl-C.

    Each page is as the files are at that moment: a stop shows at once. Who reads is written down
    nowhere. For a server with TLS in front: `uvicorn --factory uasocial.site.asgi:application`.

    \b
    uasocial serve --open
    uasocial serve --as-of 2021-12-01
    """
    import logging

    from uasocial.site.asgi import LOG, pages
    from uasocial.site.serving.served import Served

    kit = common.make_toolkit(context, as_of)
    if kit.project.root is None and not kit.rehearsal:
        # The sample is for nobody's public: its pages say that they are one.
        kit = common.make_toolkit(context, kit.now.date())
    common.warn_of_plugins(kit)
    common.warn_of_unread(kit)
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    log = logging.getLogger(LOG).warning
    served = Served(kit.project, base, as_of=kit.now if kit.rehearsal else None, log=log)
    with _listening(host, port) as listener:
        address = _address(host, listener.getsockname()[1])
        server = _server(pages(served))
        # From the first word on: whoever reads it may end it at once.
        with _ended_by_signals(server):
            _say(served, str(kit.project.root or "the sample"), address, host)
            common.say_rehearsal(kit)
            if open_it:
                _open(address)
            server.run(sockets=[listener])


def _say(served: "Served", project: str, address: str, host: str) -> None:
    count = served.count_open()
    actions = "1 open action" if count == 1 else f"{count} open actions"
    if not _is_own(host):
        click.echo("Everybody in this network can read it, under this machine's name.", err=True)
    click.echo(printable(f"{address} shows {project}: {actions}. Ctrl-C ends it."))


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """Listen, so that a browser that is opened now waits for the answer, and is not refused."""
    try:
        family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.create_server(place[:2], family=family, backlog=2048)
    except (OSError, UnicodeError) as error:
        raise UasocialError(_said(error, host, port)) from None
    with listener:
        yield listener


def _said(error: Exception, host: str, port: int) -> str:
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        free = _free_after(host, port)
        advice = f"take another: `uasocial serve --port {free}`" if free else "end that first"
        return f"port {port} is taken by another program: {advice}"
    if number == errno.EACCES:
        return f"port {port} is for the system alone: take one above 1023, such as 8000"
    reason = getattr(error, "strerror", None) or "no such name"
    return printable(f"--host {host!r}: {reason}: take 127.0.0.1, or 0.0.0.0 for all of a network")


def _free_after(host: str, port: int) -> int | None:
    """Return a port that is free now, or None."""
    for other in range(port + 1, min(port + 50, LAST_PORT) + 1):
        try:
            family, _, _, _, place = socket.getaddrinfo(host, other, type=socket.SOCK_STREAM)[0]
            socket.create_server(place[:2], family=family).close()
        except OSError:
            continue
        return other
    return None


def _address(host: str, port: int) -> str:
    """Return the address at which this machine finds it."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - no place to listen
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"


def _is_own(host: str) -> bool:
    """Tell whether only this machine reaches a host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _open(address: str) -> None:
    import webbrowser

    if not webbrowser.open(address):
        click.echo("There is no browser here: open the address yourself.", err=True)


def _server(app: object) -> "uvicorn.Server":
    import uvicorn

    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        # Who reads about somebody at risk is nobody's business.
        access_log=False,
        log_config=None,
        log_level="warning",
        # What a header says of who asks, and how, is believed by nobody here.
        proxy_headers=False,
        server_header=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=PATIENCE,
    )
    return uvicorn.Server(config)


@contextmanager
def _ended_by_signals(server: "uvicorn.Server") -> Iterator[None]:
    """Let Ctrl-C and SIGTERM be an end like any other: uvicorn sends itself both once more."""

    def end(*_: object) -> None:
        server.should_exit = True

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, end) for number in numbers]
    try:
        yield
    finally:
        for number, known in zip(numbers, before, strict=True):
            signal.signal(number, known)
