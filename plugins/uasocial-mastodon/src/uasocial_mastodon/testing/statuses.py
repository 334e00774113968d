"""Statuses of the fake: https://docs.joinmastodon.org/methods/statuses/."""

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from uasocial.text import mastodon
from uasocial_mastodon.testing import shown, uploads
from uasocial_mastodon.testing.asking import Asked
from uasocial_mastodon.testing.records import Account, Edit, Refusal, Status, Upload

if TYPE_CHECKING:
    from uasocial_mastodon.testing.fake import FakeMastodon

__all__ = ["change", "delete", "listed", "make", "own"]

# app/services/post_status_service.rb: redis.setex(idempotency_key, 3_600, …), for each account.
KEY_LASTS = timedelta(seconds=3600)
# ScheduledStatus::MINIMUM_OFFSET
SOONEST = timedelta(minutes=5)
VISIBILITIES = ("public", "unlisted", "private", "direct")
MOST_LISTED = 40
USUALLY_LISTED = 20
_TAGS = re.compile(r"<[^<>]*>")


def make(fake: "FakeMastodon", account: Account, app: str, asked: Asked) -> tuple[int, Any]:
    """POST /api/v1/statuses."""
    answers = _answered(fake, asked)
    key = asked.headers.get("idempotency-key", "")
    first = _first(fake, account, key)
    if first is not None:
        return 200, first
    attached = _attached(fake, account, asked.texts("media_ids"))
    text, warning = _text(fake, asked), asked.text("spoiler_text").strip()
    _assert_text(fake, asked, text, warning, attached)
    made = Status(
        fake.new_id(),
        account.id,
        text,
        fake.now(),
        warning=warning,
        sensitive=asked.flag("sensitive") or bool(warning),
        visibility=_visibility(fake, account, asked),
        language=asked.text("language") or None,
        answers=answers,
        uploads=attached,
        app=app,
    )
    later = _scheduled(fake, asked)
    if later is not None:
        # mastodon/mastodon#30039: a scheduled post has no key.
        return 200, {"id": made.id, "scheduled_at": shown.moment(later), "params": {"text": text}}
    return 200, _kept(fake, account, made, key)


def _kept(fake: "FakeMastodon", account: Account, made: Status, key: str) -> Any:
    for upload in made.uploads:
        upload.attached = True
    made.edits.append(_edit(made, made.at))
    fake.statuses.append(made)
    if key:
        fake.keys[account.id, key] = (made.id, fake.now())
    return shown.status(made, account, fake.url, fake.rules)


def _first(fake: "FakeMastodon", account: Account, key: str) -> Any:
    """Return the post that a key made already, where the software knows keys."""
    kept = fake.keys.get((account.id, key))
    if not key or kept is None or fake.now() - kept[1] >= KEY_LASTS:
        return None
    match fake.rules.keys:
        case "broken":
            raise Refusal(500, "Internal Server Error")
        case "refused":
            raise Refusal(400, "Duplicate idempotency key.")
        case "ignored":
            return None
    return shown.status(own(fake, account, kept[0]), account, fake.url, fake.rules)


def _answered(fake: "FakeMastodon", asked: Asked) -> str | None:
    """StatusesController#set_thread looks before anything is made."""
    answers = asked.text("in_reply_to_id")
    if answers and not any(one.id == answers for one in fake.statuses):
        raise Refusal(404, "The post you are trying to reply to does not appear to exist.")
    return answers or None


def _attached(fake: "FakeMastodon", account: Account, named: list[str]) -> list[Upload]:
    """PostStatusService#validate_media!."""
    if len(named) > shown.MOST_MEDIA:
        raise Refusal(422, f"Cannot attach more than {shown.MOST_MEDIA} files")
    found = [upload for one in named if (upload := uploads.free(fake, account, one))]
    missing = [one for one in named if one not in {upload.id for upload in found}]
    if missing:
        raise Refusal(422, f"Media {', '.join(missing)} not found or already attached")
    if any(upload.asked < fake.rules.slow or upload.broken for upload in found):
        raise Refusal(
            422, "Cannot attach files that have not finished processing. Try again in a moment!"
        )
    return found


def _text(fake: "FakeMastodon", asked: Asked) -> str:
    text = asked.text("status")
    # pixelfed V1Api/Statuses.php: strip_tags; Mastodon strips both ends (Status#prepare_contents).
    return _TAGS.sub("", text) if fake.rules.software == "pixelfed" else text.strip()


def _assert_text(
    fake: "FakeMastodon", asked: Asked, text: str, warning: str, attached: list[Upload]
) -> None:
    longest = fake.rules.longest
    match fake.rules.software:
        case "pixelfed":
            if not attached and not asked.text("in_reply_to_id"):
                raise Refusal(403, "Empty statuses are not allowed")
            if len(text) > longest:
                raise Refusal(422, f"The status may not be greater than {longest} characters.")
        case "gotosocial":
            # Addresses count in full, and the status is 400.
            if len(text) + len(warning) > longest:
                raise Refusal(400, f"Bad Request: text too long, limit is {longest} characters")
        case _:
            if not text and not attached and not warning:
                raise Refusal(422, "Validation failed: Text can't be blank")
            if mastodon.length(text, warning) > longest:
                raise Refusal(422, f"Validation failed: Text character limit of {longest} exceeded")


def _visibility(fake: "FakeMastodon", account: Account, asked: Asked) -> str:
    wanted = asked.text("visibility") or "public"
    if wanted not in VISIBILITIES:
        raise Refusal(422, f"'{wanted}' is not a valid visibility")
    if wanted == "direct" and fake.rules.software == "pixelfed":
        raise Refusal(400, "Direct visibility is not available.")
    # PostStatusService#preprocess_attributes!
    return "unlisted" if wanted == "public" and account.limited else wanted


def _scheduled(fake: "FakeMastodon", asked: Asked) -> datetime | None:
    """Return when it is to go out; a past time is none, and a near one an error."""
    said = asked.text("scheduled_at")
    if not said:
        return None
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        raise Refusal(422, "Validation failed") from None
    if at <= fake.now():
        return None
    if at <= fake.now() + SOONEST:
        raise Refusal(422, "Validation failed: The scheduled date must be in the future")
    return at


def own(fake: "FakeMastodon", account: Account, status_id: str) -> Status:
    """Return a status of the account; 404 where there is none."""
    for status in fake.statuses:
        if status.id == status_id and status.owner == account.id:
            return status
    raise Refusal(404, "Record not found")


def change(fake: "FakeMastodon", account: Account, status_id: str, asked: Asked) -> Any:
    """PUT /api/v1/statuses/:id: what is not named again is taken off (UpdateStatusService)."""
    status = own(fake, account, status_id)
    if fake.rules.software == "pixelfed":
        raise Refusal(404, "Record not found")
    attributes = asked.given.get("media_attributes") or []
    alts = {str(one["id"]): str(one.get("description", "")) for one in attributes}
    named = asked.texts("media_ids")
    held = {upload.id: upload for upload in status.uploads}
    attached = [held.get(one) or _attached(fake, account, [one])[0] for one in named]
    text, warning = _text(fake, asked), asked.text("spoiler_text").strip()
    _assert_text(fake, asked, text, warning, attached)
    for upload in attached:
        upload.alt, upload.attached = alts.get(upload.id, upload.alt), True
    status.text, status.warning, status.uploads = text, warning, attached
    status.sensitive = asked.flag("sensitive") or bool(warning)
    status.edits.append(_edit(status, fake.now()))
    return shown.status(status, account, fake.url, fake.rules)


def _edit(status: Status, at: datetime) -> Edit:
    return Edit(status.text, status.warning, tuple(one.alt for one in status.uploads), at)


def delete(fake: "FakeMastodon", account: Account, status_id: str, asked: Asked) -> Any:
    """DELETE /api/v1/statuses/:id gives the source back; pictures stay a day, unless told."""
    status = own(fake, account, status_id)
    fake.statuses.remove(status)
    for upload in status.uploads:
        upload.attached = False
        if asked.flag("delete_media"):
            fake.uploads.pop(upload.id, None)
    gone = shown.status(status, account, fake.url, fake.rules)
    return {**gone, "text": status.text}


def listed(fake: "FakeMastodon", account: Account, asked: Asked) -> list[Any]:
    """GET /api/v1/accounts/:id/statuses, newest first."""
    newest = fake.now() - timedelta(seconds=fake.rules.listed)
    mine = [one for one in fake.statuses if one.owner == account.id and one.at <= newest]
    limit = min(int(asked.text("limit") or USUALLY_LISTED), MOST_LISTED)
    until = asked.text("max_id")
    if until:
        mine = [one for one in mine if one.id < until]
    found = sorted(mine, key=lambda one: one.id, reverse=True)[:limit]
    return [shown.status(one, account, fake.url, fake.rules) for one in found]
