"""The pictures of a post: uploaded once, and waited for.

What is uploaded is kept by the ledger as `{"uploads": {digest of picture and alt text: id}}`.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from uasocial.model.post import Media
from uasocial.platforms.publisher import NotYet, Rejected
from uasocial_mastodon.failing import NOT_FOUND, Failure, of_repeatable
from uasocial_mastodon.server import Server

__all__ = ["ids", "upload"]

# 202 for what is taken and still worked on, 206 for what is asked about meanwhile:
# https://docs.joinmastodon.org/methods/media/
IN_WORK = (202, 206)
REFUSED = 422
TOO_LARGE = 413
SOON = timedelta(seconds=5)
AT_ONCE = timedelta(0)


def upload(
    server: Server,
    pictures: Sequence[Media],
    data: Mapping[str, Any],
    read: Callable[[str], bytes],
) -> Mapping[str, Any] | NotYet:
    """Return what `ids` needs; or NotYet, after each upload that is not the last one.

    So none is done twice, whenever this process dies; and what was uploaded before is asked about,
    as a server throws away what no post holds for a day.
    """
    done: dict[str, str] = dict(data.get("uploads", {}))
    waiting = False
    for number, picture in enumerate(pictures, 1):
        name = _name(picture)
        ready = _is_ready(server, done[name], number) if name in done else None
        if ready is None:
            done[name], ready = _uploaded(server, picture, read(picture.sha256), number)
            if number < len(pictures):
                return NotYet(AT_ONCE, {"uploads": done})
        waiting = waiting or not ready
    return NotYet(SOON, {"uploads": done}) if waiting else {"uploads": done}


def ids(pictures: Sequence[Media], data: Mapping[str, Any]) -> list[str]:
    """Return the ids of what was uploaded, in the order of the pictures."""
    uploads = data.get("uploads", {})
    missing = [picture for picture in pictures if _name(picture) not in uploads]
    if missing:
        raise Rejected(f"{len(missing)} of its pictures were not uploaded")
    return [uploads[_name(picture)] for picture in pictures]


def _name(picture: Media) -> str:
    """Return what stands for an upload: the same picture with other words is another one."""
    words = hashlib.sha256(picture.alt.encode()).hexdigest()
    return f"{picture.sha256[:16]}-{words[:16]}"


def _is_ready(server: Server, upload_id: str, number: int) -> bool | None:
    """Tell whether an upload may be used; None where the server has thrown it away."""
    try:
        server.ask(server.calls.media, upload_id)
    except Failure as failure:
        if failure.status == NOT_FOUND:
            return None
        raise _refused(failure, number) from None
    return server.status not in IN_WORK


def _uploaded(server: Server, picture: Media, body: bytes, number: int) -> tuple[str, bool]:
    try:
        taken = server.ask(
            server.calls.media_post,
            body,
            mime_type=picture.type,
            description=picture.alt or None,
            # Else it is named after the library and the time.
            file_name=f"{picture.sha256[:16]}.{picture.type.rpartition('/')[2]}",
        )
        if not isinstance(taken, dict) or not taken.get("id"):
            raise server.odd()
    except Failure as failure:
        raise _refused(failure, number) from None
    return str(taken["id"]), server.status not in IN_WORK


def _refused(failure: Failure, number: int) -> Exception:
    if failure.status in (REFUSED, TOO_LARGE):
        why = failure.said or "it is too large" * (failure.status == TOO_LARGE)
        return Rejected(f"{failure.host} refuses picture {number}: {why or 'it does not say why'}")
    return of_repeatable(failure)
