"""What a server takes, as it says itself."""

import re
from typing import Any

from uasocial.errors import printable
from uasocial.platforms.publisher import PublisherError, ServerLimits, Transient
from uasocial_mastodon.failing import CLIENT, SERVER, Failure, of_repeatable
from uasocial_mastodon.server import Server

__all__ = ["limits_of"]

LONGEST_NAME = 100
MOST_TYPES = 50
# "2.7.2 (compatible; Pixelfed 0.12.4)": what others than Mastodon put into `version`.
_COMPATIBLE = re.compile(r"\(compatible; ([^()]{1,100})\)")


def limits_of(server: Server) -> ServerLimits:
    """Ask a server for its limits: as Mastodon 4 answers, else as older ones and others do.

    https://docs.joinmastodon.org/entities/Instance/, https://docs.joinmastodon.org/entities/V1_Instance/
    """
    try:
        said = _asked(server)
    except Failure as failure:
        error = of_repeatable(failure)
        if isinstance(error, Transient):
            raise error from None
        raise PublisherError(
            f"{server.host} is no Mastodon server, nor one like it: is the instance right?"
        ) from None
    return _read(server.host, said)


def _asked(server: Server) -> Any:
    for call in (server.calls.instance_v2, server.calls.instance_v1):
        try:
            said = server.ask(call)
        except Failure as failure:
            # Another way may be there where this one is none; a server in trouble has none.
            if failure.status == 0 or failure.status >= SERVER or not _is_none(failure):
                raise
            continue
        if isinstance(said, dict) and isinstance(said.get("version"), str):
            return said
    raise server.odd()


def _is_none(failure: Failure) -> bool:
    return failure.status in (404, 405, 410) or failure.status < CLIENT


def _read(server: str, said: Any) -> ServerLimits:
    made = _part(said, "configuration")
    statuses, media = _part(made, "statuses"), _part(made, "media_attachments")
    types = media.get("supported_mime_types")
    return ServerLimits(
        server=server,
        software=_software(said),
        # What Pleroma and others say beside, https://docs.pleroma.social/backend/development/API/differences_in_mastoapi_responses/
        length=_number(statuses.get("max_characters")) or _number(said.get("max_toot_chars")),
        url_length=_number(statuses.get("characters_reserved_per_url")),
        media=_number(statuses.get("max_media_attachments")),
        alt=_number(media.get("description_limit")) or _number(said.get("description_limit")),
        bytes=_number(media.get("image_size_limit")) or _number(said.get("upload_limit")),
        pixels=_number(media.get("image_matrix_limit")),
        types=_pictures(types if isinstance(types, list) else []),
    )


def _part(said: Any, name: str) -> Any:
    part = said.get(name)
    return part if isinstance(part, dict) else {}


def _number(said: object) -> int | None:
    return said if isinstance(said, int) and not isinstance(said, bool) and said > 0 else None


def _pictures(types: list[Any]) -> tuple[str, ...]:
    return tuple(
        one for one in types[:MOST_TYPES] if isinstance(one, str) and one.startswith("image/")
    )


def _software(said: Any) -> str:
    version = printable(str(said["version"]))[:LONGEST_NAME]
    if named := _COMPATIBLE.search(version):
        return named[1]
    others = "gotosocial" in str(said.get("source_url")).lower() or version.startswith("0.")
    return f"{'GoToSocial' if others else 'Mastodon'} {version}"
