"""What a Bot API server's refusal means for a post.

Source: core.telegram.org/bots/api#making-requests and #responseparameters; the descriptions are in
tdlib/telegram-bot-api, telegram-bot-api/Client.cpp.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from uasocial.errors import printable
from uasocial.platforms.publisher import NotAuthorized, PublisherError, Rejected, Transient

__all__ = ["Unanswered", "quoted", "refusal"]

Unanswered = type[PublisherError]

BAD_REQUEST = 400
UNAUTHORIZED = 401
FORBIDDEN = 403
NOT_FOUND = 404
TOO_MANY = 429
SERVER_ERROR = 500
# In seconds; a longer wait is looked at again in between.
DAY = 86_400
# Of what a server says no more is shown.
LONGEST = 300
# Of a 400: it is the bot that may not, and not the post that is wrong.
OF_THE_BOT = (
    "chat not found",
    "chat_admin_required",
    "chat_restricted",
    "chat_write_forbidden",
    "have no rights",
    "need administrator rights",
    "not enough rights",
)


def refusal(host: str, said: Mapping[str, Any], unanswered: Unanswered) -> PublisherError:
    """Return the error that an answer with `ok` false stands for.

    *unanswered* is what it is when the server broke, and may have done what it was asked to.
    """
    code = int(said.get("error_code") or BAD_REQUEST)
    why = quoted(said.get("description", ""))
    more = said.get("parameters") or {}
    if code == TOO_MANY:
        return _too_many(host, more)
    if code >= SERVER_ERROR:
        return unanswered(f"{host} answers: {why}")
    if code in {UNAUTHORIZED, NOT_FOUND}:
        return NotAuthorized(
            f"{host} does not know this bot_token ({why}): ask @BotFather for the present one, and "
            "give it again"
        )
    if "migrate_to_chat_id" in more:
        return NotAuthorized(
            f'the group has become a supergroup: write chat = "{more["migrate_to_chat_id"]}" '
            "into uasocial.toml"
        )
    if code == FORBIDDEN or any(sign in why.lower() for sign in OF_THE_BOT):
        return NotAuthorized(
            f"the bot may not do that in this chat ({why}): make it an administrator there, and "
            "look at `chat` in uasocial.toml"
        )
    return Rejected(f"{host} refuses it: {why}")


def quoted(text: object) -> str:
    """Return what a server said as it may be shown."""
    return printable(" ".join(f"{text}".split())[:LONGEST])


def _too_many(host: str, more: Mapping[str, Any]) -> Transient:
    asked = more.get("retry_after")
    wait = timedelta(seconds=max(0, min(asked, DAY))) if isinstance(asked, int) else None
    return Transient(f"{host}: too many posts", wait)
