"""What the fake shows of what it holds, as its software does."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from itertools import chain
from typing import Any

from uasocial.text import mastodon
from uasocial_mastodon.testing.records import Account, Edit, Status, Upload
from uasocial_mastodon.testing.rules import Rules

__all__ = ["account", "edit", "html", "instance_v1", "instance_v2", "media", "moment", "status"]

# https://docs.joinmastodon.org/entities/V1_Instance/#max_characters; MediaAttachment::IMAGE_LIMIT,
# Attachmentable::MAX_MATRIX_LIMIT; GoToSocial says 25 for an address and counts it in full.
MEDIA = {
    "image_size_limit": 16_777_216,
    "image_matrix_limit": 33_177_600,
    "video_size_limit": 103_809_024,
    "supported_mime_types": ["image/jpeg", "image/png", "image/webp", "video/mp4"],
}
MOST_MEDIA = 4
SHOWN_OF_URL = 30
Shown = Callable[[str, str], str]

_HASHTAG = re.compile(r"(?<![\w/&])#(\w+)")


def moment(at: datetime) -> str:
    # https://docs.joinmastodon.org/api/datetime-format/
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def account(one: Account, url: str, *, own: bool = False) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/Account/."""
    name = one.acct.partition("@")[0]
    shown: dict[str, Any] = {
        "id": one.id,
        "username": name,
        "acct": one.acct,
        "display_name": one.name,
        "locked": False,
        "bot": False,
        "created_at": "2022-11-23T00:00:00.000Z",
        "note": "",
        "url": f"{url}/@{one.acct}",
        "uri": one.uri,
        "avatar": f"{url}/avatar.png",
        "fields": [],
        "emojis": [],
    }
    # These stand there only where they are so: app/serializers/rest/account_serializer.rb.
    shown |= {"suspended": True} if one.suspended else {}
    shown |= {"limited": True} if one.limited else {}
    shown |= {"moved": account(one.moved, url)} if one.moved else {}
    if own:
        shown["source"] = {"privacy": "public", "sensitive": False, "language": "en", "note": ""}
    return shown


def media(one: Upload, url: str, *, ready: bool = True) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/MediaAttachment/; no address while it is in work."""
    address = f"{url}/media/{one.id}" if ready else None
    return {
        "id": one.id,
        "type": "image",
        "url": address,
        "preview_url": address,
        "remote_url": None,
        "meta": {},
        "description": one.alt or None,
        "blurhash": None,
    }


def status(one: Status, owner: Account, url: str, rules: Rules) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/Status/."""
    pixelfed = rules.software == "pixelfed"
    return {
        "id": one.id,
        "created_at": moment(one.at),
        "in_reply_to_id": one.answers,
        "in_reply_to_account_id": None,
        "sensitive": one.sensitive,
        "spoiler_text": one.warning,
        "visibility": one.visibility,
        # pixelfed V1Api/Statuses.php answers that for every post.
        "language": "en" if pixelfed else one.language,
        "uri": f"{owner.uri}/statuses/{one.id}",
        "url": f"{url}/@{owner.acct}/{one.id}",
        "replies_count": 0,
        "reblogs_count": 0,
        "favourites_count": 0,
        "content": html(one.text, url),
        "reblog": None,
        "application": {"name": one.app, "website": None} if one.app else None,
        "account": account(owner, url),
        "media_attachments": [media(each, url) for each in one.uploads],
        "mentions": [],
        "tags": [],
        "emojis": [],
        "card": None,
        "poll": None,
        "edited_at": moment(one.edits[-1].at) if len(one.edits) > 1 else None,
    }


def edit(one: Edit, owner: Account, url: str) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/StatusEdit/."""
    return {
        "content": html(one.text, url),
        "spoiler_text": one.warning,
        "sensitive": False,
        "created_at": moment(one.at),
        "account": account(owner, url),
        "media_attachments": [{"description": alt} for alt in one.alts],
        "emojis": [],
    }


def html(text: str, url: str) -> str:
    """Return a text as TextFormatter does (mastodon app/lib/text_formatter.rb)."""
    paragraphs = re.split(r"\n\n+", _linked(text, url))
    return "".join(f"<p>{'<br />'.join(part.splitlines())}</p>" for part in paragraphs)


def _linked(text: str, url: str) -> str:
    spans: list[tuple[int, int, Shown]]
    spans = [(span.start, span.end, _link) for span in mastodon.urls(text)]
    spans += [(span.start, span.end, _mention) for span in mastodon.mentions(text)]
    taken = set(chain.from_iterable(range(start, end) for start, end, _ in spans))
    spans += [
        (match.start(), match.end(), _hashtag)
        for match in _HASHTAG.finditer(text)
        if match.start() not in taken
    ]
    pieces, last = [], 0
    for start, end, shown in sorted(spans, key=lambda span: span[0]):
        pieces += [escape(text[last:start]), shown(text[start:end], url)]
        last = end
    return "".join([*pieces, escape(text[last:])])


def _link(text: str, _: str) -> str:
    scheme, there, rest = text.partition("://")
    rest = rest.removeprefix("www.")
    hidden = text[: len(text) - len(rest)] if there else scheme
    head, tail = rest[:SHOWN_OF_URL], rest[SHOWN_OF_URL:]
    cut = "ellipsis" if tail else ""
    return (
        f'<a href="{escape(text)}" target="_blank" rel="nofollow noopener">'
        f'<span class="invisible">{escape(hidden)}</span><span class="{cut}">{escape(head)}</span>'
        f'<span class="invisible">{escape(tail)}</span></a>'
    )


def _mention(text: str, url: str) -> str:
    name = text[1:].partition("@")[0]
    return (
        f'<span class="h-card"><a href="{url}/{escape(text)}" class="u-url mention">'
        f"@<span>{escape(name)}</span></a></span>"
    )


def _hashtag(text: str, url: str) -> str:
    tag = escape(text[1:])
    return f'<a href="{url}/tags/{tag}" class="mention hashtag" rel="tag">#<span>{tag}</span></a>'


def instance_v2(rules: Rules, host: str) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/Instance/."""
    at = (
        "superseriousbusiness/gotosocial" if rules.software == "gotosocial" else "mastodon/mastodon"
    )
    configuration = _configuration(rules)
    configuration["media_attachments"]["description_limit"] = rules.alt
    return {
        "domain": host,
        "title": "A fake",
        "version": rules.version,
        "source_url": f"https://github.com/{at}",
        "description": "",
        "languages": ["en"],
        "configuration": configuration,
        "rules": [],
    }


def instance_v1(rules: Rules, host: str) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/V1_Instance/."""
    return {
        "uri": host,
        "title": "A fake",
        "version": rules.version,
        "email": "",
        "description": "",
        "languages": ["en"],
        "configuration": _configuration(rules),
        "rules": [],
    }


def _configuration(rules: Rules) -> dict[str, dict[str, Any]]:
    statuses = {
        "max_characters": rules.longest,
        "max_media_attachments": MOST_MEDIA,
        "characters_reserved_per_url": 25 if rules.software == "gotosocial" else 23,
    }
    return {"statuses": statuses, "media_attachments": dict(MEDIA)}
