"""Pictures of the fake: https://docs.joinmastodon.org/methods/media/."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from uasocial_mastodon.testing import shown
from uasocial_mastodon.testing.asking import Asked
from uasocial_mastodon.testing.records import Account, Refusal, Upload

if TYPE_CHECKING:
    from uasocial_mastodon.testing.fake import FakeMastodon

__all__ = ["free", "take", "tell"]

# What no status holds is thrown away: MediaAttachmentsVacuum::TTL.
KEPT = timedelta(days=1)
# JPEG, PNG, WebP.
BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF")


def take(fake: "FakeMastodon", account: Account, asked: Asked) -> tuple[int, Any]:
    """POST /api/v2/media: 200, or 202 where work goes on."""
    file = asked.files.get("file")
    if file is None:
        raise Refusal(422, "Validation failed: File can't be blank")
    # File type and content are looked at before anything else is done.
    if file.type not in shown.MEDIA["supported_mime_types"]:  # type: ignore[operator]
        raise Refusal(422, "Validation failed: File content type is invalid, File is invalid")
    if not file.data.startswith(BEGINNINGS):
        raise Refusal(422, "File type of uploaded media could not be verified")
    alt = asked.text("description")
    # MediaAttachment: validates :description, length: { maximum: MAX_DESCRIPTION_LENGTH }.
    if len(alt) > fake.rules.alt:
        raise Refusal(
            422,
            f"Validation failed: Description is too long (maximum is {fake.rules.alt} characters)",
        )
    upload = Upload(fake.new_id(), account.id, file.data, file.type, alt, fake.now())
    upload.broken = fake.breaks_pictures
    fake.uploads[upload.id] = upload
    is_ready = _is_ready(fake, upload)
    return 200 if is_ready else 202, shown.media(upload, fake.url, ready=is_ready)


def tell(fake: "FakeMastodon", account: Account, upload_id: str) -> tuple[int, Any]:
    """GET /api/v1/media/:id: 206 while work goes on, 422 where it failed (media_controller.rb)."""
    upload = free(fake, account, upload_id)
    if upload is None:
        raise Refusal(404, "Record not found")
    upload.asked += 1
    is_ready = _is_ready(fake, upload)
    if is_ready and upload.broken:
        raise Refusal(422, "Error processing thumbnail for uploaded media")
    return 200 if is_ready else 206, shown.media(upload, fake.url, ready=is_ready)


def free(fake: "FakeMastodon", account: Account, upload_id: str) -> Upload | None:
    """Return an upload of the account that no status holds yet, and that is still there."""
    upload = fake.uploads.get(upload_id)
    if upload is None or upload.owner != account.id or upload.attached:
        return None
    return upload if fake.now() - upload.at < KEPT else None


def _is_ready(fake: "FakeMastodon", upload: Upload) -> bool:
    return upload.asked >= fake.rules.slow + upload.broken
