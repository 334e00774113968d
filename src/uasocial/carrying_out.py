"""What is on the ledger carried out: sent at once, or laid out for a person who posts by hand."""

import time
from collections.abc import Collection, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from uasocial import accounts, tightening
from uasocial.errors import Refused, UasocialError, printable
from uasocial.model import Draft
from uasocial.model.post import Post
from uasocial.outbox import controls, queue
from uasocial.outbox.media import read_media
from uasocial.outbox.queue import Entry
from uasocial.outbox.working import Worker
from uasocial.platforms import NoAddress

if TYPE_CHECKING:
    from uasocial.outbox.ledger import Ledger
    from uasocial.toolkit import Toolkit

__all__ = ["LaidOut", "composer", "lay_out", "send"]

# So long another worker may hold the account, before a person is told to look later.
PATIENCE = timedelta(seconds=20)
PAUSE = 0.2
ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}


class LaidOut(NamedTuple):
    """What a person needs to post by hand; *address* opens the composer, *note* says what else.

    *answers* is where the post is that this one is to answer, ``""`` where there is none; *handles*
    are those it mentions, which nobody has looked up.
    """

    folder: Path
    files: tuple[Path, ...]
    address: str | None
    note: str
    answers: str = ""
    handles: tuple[str, ...] = ()


def send(kit: "Toolkit", ledger: "Ledger", ids: Sequence[str]) -> list[Entry]:
    """Take the turns of the accounts of *ids*, until each is settled or put off."""
    entries = [queue.find(ledger, name) for name in ids]
    only = {entry.account for entry in entries}

    def refresh(actions: Collection[str]) -> None:
        # What was planned before on these accounts goes first.
        tightening.refresh(kit, ledger, actions)

    worker = Worker(ledger, accounts.opener(kit), refresh, only=only, threads=len(ids))
    give_up_at = time.monotonic() + PATIENCE.total_seconds()
    while True:
        worker.run_once()
        entries = [queue.find(ledger, name) for name in ids]
        if not any(map(_is_due, entries)) or time.monotonic() > give_up_at:
            return entries
        time.sleep(PAUSE)


def _is_due(entry: Entry) -> bool:
    """Tell whether somebody is at it this moment, or might be."""
    ready = not entry.ready_at or entry.ready_at <= entry.now
    planned = entry.state == "planned" and entry.not_before <= entry.now and ready
    return entry.state == "sending" or planned


# --- by hand -----------------------------------------------------------------------------------


def lay_out(kit: "Toolkit", ledger: "Ledger", entry: Entry, into: Path) -> LaidOut:
    """Write text, pictures and alt texts into a folder of *into*; raise Refused if none may go."""
    if entry.mode != accounts.BY_HAND:
        raise UasocialError(f"{entry.short}: the account {entry.account!r} is not posted by hand")
    if entry.state != "handed_off":
        raise UasocialError(f"{entry.short}: is {entry.state.replace('_', ' ')}: not to be posted")
    tightening.refresh(kit, ledger, [entry.action])
    with ledger.write() as connection:
        try:
            controls.allowed(ledger, connection, entry.id, entry.now)
        except Refused as refused:
            raise Refused(f"{entry.short}: do not post it: {refused}") from None
    post = queue.post_in(ledger, entry)
    files = {"text.txt": post.text.encode()}
    if post.content_warning:
        files["content-warning.txt"] = post.content_warning.encode()
    for number, one in enumerate(post.media, 1):
        ending = ENDINGS.get(one.type, "bin")
        files[f"picture-{number}.{ending}"] = read_media(ledger, one.sha256)
        files[f"picture-{number}.alt.txt"] = one.alt.encode()
    address, note = composer(kit, post)
    folder = into / f"{post.action}-{post.account}-{entry.short}"
    handles = tuple(mention.handle for mention in post.mentions)
    before = _answered(ledger, entry)
    return LaidOut(folder, _written(folder, files), address, note, before, handles)


def _answered(ledger: "Ledger", entry: Entry) -> str:
    """Return where the post is that a delivery answers, or which one that is while nobody knows."""
    if not entry.answers:
        return ""
    before = queue.find(ledger, entry.answers)
    return before.permalink or f"{before.short}, whose address is not on record yet"


def _written(folder: Path, files: dict[str, bytes]) -> tuple[Path, ...]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (folder / name).write_bytes(data)
    except OSError as error:
        raise UasocialError(
            printable(f"{folder}: cannot be written: {error.strerror}; name another with --to")
        ) from None
    return tuple(folder / name for name in files)


def composer(kit: "Toolkit", post: Post) -> tuple[str | None, str]:
    """Return the address that opens the platform's composer, or why there is none."""
    platform = kit.platform(post.platform)
    measure = kit.measure(platform, post.text, post.content_warning)
    draft = Draft(
        action=post.action,
        language=post.language,
        platform=post.platform,
        occasion=post.occasion,
        wording=post.wording,
        text=post.text,
        length=measure.length,
        limit=measure.limit,
        fits=measure.fits,
        link=post.link,
    )
    try:
        return platform.share(draft, kit.instance(platform)), platform.hint
    except NoAddress as reason:
        return None, str(reason)
    except Exception as error:  # noqa: BLE001 - a platform may be a plugin's
        return None, printable(f"its address cannot be made: {error!r}")
