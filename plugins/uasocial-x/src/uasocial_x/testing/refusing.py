"""How X says no: docs.x.com/x-api/fundamentals/response-codes-and-errors."""

import json
from collections.abc import Mapping

from uasocial.testing.loopback import Answer

__all__ = ["Refusal", "refused", "told"]

PROBLEMS = "https://api.twitter.com/2/problems"
TITLES = {
    400: "Invalid Request",
    401: "Unauthorized",
    402: "CreditsDepleted",
    403: "Forbidden",
    404: "Not Found Error",
    429: "Too Many Requests",
    503: "Service Unavailable",
}


class Refusal(Exception):  # noqa: N818 - named for what it is
    """What goes back instead of what was asked for."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        super().__init__(answer.status)


def told(status: int, said: object, headers: Mapping[str, str] | None = None) -> Answer:
    """Return an answer in JSON."""
    kind = {"Content-Type": "application/json; charset=utf-8"}
    return Answer(status, json.dumps(said).encode(), {**kind, **(headers or {})})


def refused(status: int, detail: str, kind: str = "") -> Refusal:
    """Return a refusal with its problem; *kind* is the last part of its address."""
    said = {
        "title": TITLES[status],
        "detail": detail,
        "type": f"{PROBLEMS}/{kind}" if kind else "about:blank",
        "status": status,
    }
    return Refusal(told(status, said))
