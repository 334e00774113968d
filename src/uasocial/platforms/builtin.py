"""The platforms that need no network, with what each takes and where that is stated.

Gathered 2026-11-23. Where no source states the unit, UTF-16 units are counted: the careful side,
for no common way of counting finds more of them, save bytes.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from uasocial.model import Draft
from uasocial.platforms.limits import Instance, Limits
from uasocial.platforms.platform import NoAddress, Platform, Share, share_address
from uasocial.plugins import hookimpl

if TYPE_CHECKING:
    from uasocial.platforms.publisher import PublisherKind

__all__ = ["MAILTO_LENGTH", "Builtin"]

PASTE = "it opens with the link alone: paste the text"

# Outlook and others cut a longer address.
MAILTO_LENGTH = 1600


def _careful(length: int, source: str, note: str = "") -> Limits:
    return Limits(length, "utf-16", stated=False, source=source, note=note)


def _text_at(address: str, parameter: str = "text") -> Share:
    def share(draft: Draft, instance: Instance | None) -> str:
        return share_address(address, **{parameter: draft.text})

    return share


def _link_at(address: str, parameter: str, title: str = "") -> Share:
    """Share the link alone: these composers take no text."""

    def share(draft: Draft, instance: Instance | None) -> str:
        given = {parameter: _link(draft)} | ({title: draft.title} if title else {})
        return share_address(address, **given)

    return share


def _link(draft: Draft) -> str:
    if not draft.link:
        raise NoAddress(f"the composer takes a link, and the case has none in {draft.language!r}")
    return draft.link


def _mastodon(draft: Draft, instance: Instance | None) -> str:
    if instance is None:
        raise NoAddress("each server has its own composer: name yours with --instance")
    return share_address(f"https://{instance.host}/share", text=draft.text)


def _telegram(draft: Draft, instance: Instance | None) -> str:
    """Share the text, and the link that Telegram's form wants: it shows it above the text."""
    return share_address("https://t.me/share/url", url=_link(draft), text=draft.text)


def _email(draft: Draft, instance: Instance | None) -> str:
    """Make a `mailto:` address, RFC 6068: spaces are %20 and line breaks %0D%0A."""
    body = draft.text.replace("\r\n", "\n").replace("\n", "\r\n")
    subject = {"subject": draft.title} if draft.title else {}
    address = share_address("mailto:", **subject, body=body)
    if len(address) > MAILTO_LENGTH:
        raise NoAddress(
            f"as a mailto: address it would take {len(address):,} characters, and mail programs "
            f"cut what is longer than {MAILTO_LENGTH:,}: copy the text"
        )
    return address


PLATFORMS = (
    Platform(
        "x",
        "X",
        Limits(280, "x", source="docs.x.com/fundamentals/counting-characters; twitter-text v3"),
        _text_at("https://x.com/intent/tweet"),
        handles="x",
    ),
    Platform(
        "mastodon",
        "Mastodon",
        Limits(
            500,
            "mastodon",
            source="mastodon/mastodon StatusLengthValidator",
            note="500 unless the instance says otherwise",
        ),
        _mastodon,
        handles="mastodon",
        content_warnings=True,
        servers=True,
    ),
    Platform(
        "bluesky",
        "Bluesky",
        Limits(300, "bluesky", bytes=3000, source="lexicon app.bsky.feed.post"),
        _text_at("https://bsky.app/intent/compose"),
        handles="bluesky",
    ),
    Platform(
        "threads",
        "Threads",
        Limits(
            500,
            "utf-8",
            source="developers.facebook.com/documentation/threads/posts",
            note="bytes in effect: a text of 498 characters and 504 bytes was refused",
        ),
        _text_at("https://www.threads.com/intent/post"),
        handles="threads",
    ),
    Platform(
        "telegram",
        "Telegram",
        Limits(4096, "code-points", source="core.telegram.org/constructor/config"),
        _telegram,
        handles="telegram",
        hint="Telegram shows the link above the text as well",
    ),
    Platform(
        "whatsapp",
        "WhatsApp",
        _careful(4096, "360dialog's documentation"),
        _text_at("https://wa.me/"),
    ),
    Platform(
        "facebook",
        "Facebook",
        _careful(63206, "diaspora#5090"),
        _link_at("https://www.facebook.com/sharer/sharer.php", "u"),
        handles="facebook",
        hint=PASTE,
    ),
    Platform(
        "linkedin",
        "LinkedIn",
        _careful(3000, "learn.microsoft.com posts-api; Ayrshare's documentation"),
        _link_at("https://www.linkedin.com/sharing/share-offsite/", "url"),
        handles="linkedin",
        hint=PASTE,
    ),
    Platform(
        "instagram", "Instagram", _careful(2200, "Ayrshare's documentation"), handles="instagram"
    ),
    Platform("signal", "Signal", Limits(2048, "utf-8", source="Signal-Android MessageUtil.kt")),
    Platform(
        "reddit",
        "Reddit",
        _careful(40000, "no source read"),
        _link_at("https://www.reddit.com/submit", "url", "title"),
        handles="reddit",
        hint=PASTE,
    ),
    Platform("discord", "Discord", Limits(2000, "code-points", source="discord-api-docs#1315")),
    Platform("slack", "Slack", _careful(40000, "slackapi/bolt-js#2509", "4,000 are advised")),
    Platform(
        "matrix",
        "Matrix",
        Limits(
            65536,
            "utf-8",
            source="Matrix client-server API, size limits",
            note="the limit is of the whole event, which is larger than its text",
        ),
        handles="matrix",
    ),
    Platform(
        "nostr",
        "Nostr",
        Limits(None, "code-points", source="NIP-11", note="each relay sets its own limit"),
        # NIP-36. What relays say reaches the drafts of an account; `instance` names none of them.
        content_warnings=True,
    ),
    Platform(
        "pixelfed",
        "Pixelfed",
        Limits(
            500,
            "code-points",
            source="pixelfed config/pixelfed.php; `spoiler_text` in ApiV1Controller",
            warning=140,
        ),
        handles="pixelfed",
        content_warnings=True,
    ),
    Platform(
        "tumblr",
        "Tumblr",
        Limits(4096, "code-points", source="tumblr/docs npf-spec.md", note="a block of text"),
        _text_at("https://www.tumblr.com/widgets/share/tool", "caption"),
        handles="tumblr",
    ),
    Platform(
        "vk",
        "VK",
        _careful(16384, "no source read"),
        _link_at("https://vk.com/share.php", "url", "title"),
        handles="vk",
        hint=PASTE,
    ),
    Platform("pinterest", "Pinterest", _careful(500, "postiz provider", "of a description")),
    Platform(
        "line",
        "LINE",
        _careful(5000, "LINE Messaging API"),
        _text_at("https://line.me/R/share"),
    ),
    Platform("viber", "Viber", _careful(7000, "Viber's REST bot API"), _text_at("viber://forward")),
    Platform(
        "sms",
        "SMS",
        Limits(
            160,
            "sms",
            source="3GPP TS 23.038, 23.040",
            note="one message: 160 GSM-7 septets, or 70 UTF-16 units in other alphabets",
        ),
        _text_at("sms:", "body"),
    ),
    Platform(
        "email",
        "E-mail",
        Limits(None, "utf-16", source="RFC 6068", note="the address has its own limit"),
        _email,
    ),
    Platform(
        "email_subject",
        "E-mail subject",
        Limits(998, "utf-8", source="RFC 5322 2.1.1", note="78 are advised"),
    ),
)


class Builtin:
    """Registers our own platforms through the door that every plugin takes."""

    NAME = "platforms"

    @hookimpl
    def register_platforms(self) -> Iterable[Platform]:
        return PLATFORMS

    @hookimpl
    def register_publishers(self) -> "Iterable[PublisherKind]":
        # Whoever only shares does not wait for it.
        from uasocial.platforms.console import CONSOLE  # noqa: PLC0415

        return [CONSOLE]
