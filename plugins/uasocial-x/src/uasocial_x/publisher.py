"""An account on X: one call makes a post, and the account's own timeline says what became of it."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from uasocial.errors import printable
from uasocial.model.post import Receipt
from uasocial.platforms.publisher import (
    CannotTell,
    NotAuthorized,
    NotYet,
    OutcomeUnknown,
    Prepared,
    Profile,
    Promise,
    Publisher,
    PublisherError,
    Rejected,
    Secrets,
    Transient,
)
from uasocial_x.answers import GONE, asked, found_out, is_duplicate, what_of_post
from uasocial_x.finding import compared
from uasocial_x.line import LIMITS, Answered, Line, Login, Unanswered, Unsent
from uasocial_x.uploading import Uploads

__all__ = ["X"]

# help.x.com/managing-your-account/x-username-rules
_HANDLE = re.compile("[A-Za-z0-9_]{1,15}")
_POST = re.compile(
    r"https://(?:www\.)?(?:x|twitter)\.com/(?:i/web|[A-Za-z0-9_]{1,15})/status/"
    r"([0-9]{1,20})(?:[/?#].*)?|([0-9]{1,20})"
)
# Between the clocks of the ledger and of X. More than enough does no harm: X refuses doubles.
SLACK = timedelta(minutes=5)
# docs.x.com/x-api/users/get-posts gives 100 a page; an account has not more pages within hours.
PAGES, PAGE = 3, 100
FIELDS = ["created_at", "entities", "note_tweet", "text"]

Meaning = Callable[[Exception], PublisherError]


class X(Publisher):
    """Publishes as the account that *login* signs for; *secrets* keep what was learned of it."""

    promise: ClassVar[Promise] = "look-up"
    timeout: ClassVar[timedelta] = timedelta(seconds=30)

    def __init__(
        self,
        login: Login,
        secrets: Secrets,
        server: str = "",
        limits: tuple[float, float] = LIMITS,
    ) -> None:
        self._login, self._secrets = login, secrets
        self._line = Line(login, server, limits)

    def prepare(self, given: Prepared, media: Callable[[str], bytes]) -> Mapping[str, Any] | NotYet:
        """Upload the pictures; `since` is when this delivery was first made ready to be sent."""
        uploads = Uploads(self._line, given.data.get("media", {}))
        with self._failing(partial(asked, what="the pictures cannot be uploaded")):
            wait = uploads.bring(given.post.media, media)
        self._line.ready()
        ready = {**given.data, "media": uploads.so_far}
        if wait is not None:
            return NotYet(wait, ready)
        return {"since": datetime.now(UTC).isoformat(timespec="seconds"), **ready}

    def create(self, prepared: Prepared) -> Receipt:
        pictures = Uploads(self._line, prepared.data.get("media", {})).ids(prepared.post.media)
        with self._failing(partial(self._of_post, prepared)):
            said = self._line.call(
                "create_tweet",
                renew=False,
                text=prepared.post.text,
                media_ids=pictures or None,
                in_reply_to_tweet_id=_number(prepared.answers) if prepared.answers else None,
            )
        return _receipt(said.get("data"))

    def find(self, prepared: Prepared, since: datetime) -> Receipt | None:
        """Look for the text among the account's own posts, since this delivery's first try.

        X may have refused a later try because the first is live, and lists it under its own time.
        """
        first = prepared.data.get("since")
        begun = min(since, datetime.fromisoformat(first)) if first else since
        try:
            shown = list(self._since(begun - SLACK))
        except (NotAuthorized, Rejected) as error:
            raise CannotTell(str(error)) from None
        found = _same(prepared.post.text, shown)
        if found is None and self._secrets.kept().get("duplicate") == prepared.key:
            raise CannotTell(
                "X has called the post a duplicate, and the account's timeline does not show it: "
                "look for it at x.com"
            )
        return found

    def delete(self, receipt: Receipt) -> None:
        """Take a post back: docs.x.com/x-api/posts/delete-post."""
        number = _number(receipt)
        what = f"{receipt.permalink or receipt.remote_id} cannot be deleted"
        with self._failing(partial(asked, what=what)), _gone_is_fine():
            self._line.call("delete_tweet", number)

    def resolve(self, handle: str) -> Profile | None:
        """Look a handle up; one that is suspended is nobody whom a post could reach."""
        named = handle.removeprefix("@")
        if not _HANDLE.fullmatch(named):
            return None
        said: Mapping[str, Any] = {"errors": [{"type": "/resource-not-found"}]}
        with self._failing(found_out), _gone_is_fine():
            said = self._line.call("get_user", username=named)
        return _profile(named, said)

    def check(self) -> str:
        return f"@{self._me().handle}"

    def close(self) -> None:
        self._line.close()

    def _since(self, begun: datetime) -> Iterator[Mapping[str, Any]]:
        """Yield the account's posts since that moment, replies among them."""
        user_id = self._login.user_id() or self._me().id
        page: dict[str, Any] = {"start_time": begun}
        for _ in range(PAGES):
            with self._failing(found_out):
                said = self._line.call(
                    "get_users_tweets", user_id, max_results=PAGE, tweet_fields=FIELDS, **page
                )
            meta = said.get("meta")
            if not isinstance(meta, dict) or "result_count" not in meta:
                raise CannotTell("X does not show the account's own posts")
            yield from _listed(said, "data")
            page["pagination_token"] = meta.get("next_token")
            if not page["pagination_token"]:
                return
        raise CannotTell(f"the account has posted more than {PAGES * PAGE} times since then")

    def _me(self) -> Profile:
        """Ask whose account this is, and keep its id: each such call costs something."""
        with self._failing(partial(asked, what="the account cannot be opened")):
            me = _profile("", self._line.call("get_me"))
        if me is None:
            raise NotAuthorized("X knows nobody of this name any more")
        if not self._login.user_id():
            self._note(user_id=me.id)
        return me

    def _note(self, **values: str) -> None:
        """Keep something beside what is kept already."""
        with self._secrets.alone():
            self._secrets.keep(**{**self._secrets.kept(), **values})

    def _of_post(self, prepared: Prepared, error: Exception) -> PublisherError:
        if is_duplicate(error):
            # A hint for the look-up; that it cannot be kept changes nothing of the answer.
            with suppress(PublisherError):
                self._note(duplicate=prepared.key)
        return what_of_post(error)

    @contextmanager
    def _failing(self, meaning: Meaning) -> Iterator[None]:
        """Say what an error of the line means, unless only an access token has ended early."""
        try:
            yield
        except (Unsent, Unanswered, Answered) as error:
            refused = isinstance(error, Answered) and error.status == 401  # noqa: PLR2004
            if refused and not self._login.is_over():
                said = "X takes the access token no more: it is renewed"
                raise Transient(said, timedelta(seconds=1)) from None
            raise meaning(error) from None


@contextmanager
def _gone_is_fine() -> Iterator[None]:
    try:
        yield
    except Answered as error:
        if error.status != GONE or not error.body:
            raise


def _same(text: str, shown: list[Mapping[str, Any]]) -> Receipt | None:
    """Return the one post that says *text*; raise CannotTell where that is not clear."""
    likenesses = [(compared(text, one), one) for one in shown]
    same = [one for likeness, one in likenesses if likeness == "same"]
    if len(same) > 1:
        raise CannotTell(f"the account has posted this text {len(same)} times of late")
    if same:
        return _receipt(same[0])
    if any(likeness == "like" for likeness, _ in likenesses):
        raise CannotTell("the account has posted these words of late, with another link")
    return None


def _number(receipt: Receipt) -> str:
    """Return a post's number, from its address too: that is all a person tells who has found it."""
    if match := _POST.fullmatch(receipt.remote_id):
        return match[1] or match[2]
    raise Rejected(printable(f"{receipt.remote_id[:100]!r} is no post of X"))


def _receipt(post: Any) -> Receipt:
    number = post.get("id") if isinstance(post, dict) else None
    if not isinstance(number, str) or not number:
        raise OutcomeUnknown("it may be live: X gives no id for it")
    # The address without a handle stays right when the account's changes.
    return Receipt(number, f"https://x.com/i/web/status/{number}")


def _listed(said: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    listed = said.get(name)
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _profile(handle: str, said: Mapping[str, Any]) -> Profile | None:
    """Return who X says it is; None for nobody, which X says in the errors of an answer 200."""
    data = said.get("data")
    if isinstance(data, dict) and data.get("id"):
        name = str(data.get("username", handle))
        return Profile(str(data["id"]), name, str(data.get("name", "")))
    for one in _listed(said, "errors"):
        kind, detail = str(one.get("type", "")), str(one.get("detail", ""))
        if kind.endswith("/resource-not-found") or "suspended" in detail:
            return None
    raise CannotTell(printable(f"@{handle}: X does not say who that is"[:100]))
