"""What is live put right: said anew from the files of its case, or taken back."""

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from uasocial import accounts, posting, stopping
from uasocial.errors import Refused, UasocialError, printable
from uasocial.model import Measure
from uasocial.model.post import Post
from uasocial.outbox import editing, queue
from uasocial.outbox.by_hand import deleted
from uasocial.outbox.deliveries import noted
from uasocial.outbox.exporting import Item, items
from uasocial.outbox.tables import deliveries

if TYPE_CHECKING:
    from uasocial.accounts import Account
    from uasocial.outbox.editing import Edited
    from uasocial.outbox.ledger import Ledger
    from uasocial.outbox.stopping import Deleted
    from uasocial.toolkit import Toolkit

__all__ = ["Correction", "correct", "correction", "delete", "deleted", "live", "orphans"]


class Said(NamedTuple):
    """What a post says, and how long that is where it stands."""

    text: str
    content_warning: str
    measure: Measure


class Correction(NamedTuple):
    """A live post, what it says now, and what it would say by the files of its case.

    *obstacle* says why it cannot be edited, and what to do instead, or is ``""``.
    """

    item: Item
    post: Post
    before: Said
    after: Said
    obstacle: str

    @property
    def differs(self) -> bool:
        return self.before[:2] != self.after[:2]


def live(ledger: "Ledger", names: Sequence[str]) -> list[Item]:
    """Return the posts of deliveries, in their order; raise UasocialError for one not live."""
    ids = {queue.find(ledger, name).id for name in names}
    with ledger.read() as connection:
        found = list(items(connection, [deliveries.c.id.in_(ids)]))
    for one in found:
        _assert_live(one)
    return found


def _assert_live(item: Item) -> None:
    short = item.delivery[: queue.SHORT]
    if item.deleted_at:
        raise UasocialError(f"{short}: was taken back already")
    if item.state != "sent":
        state = item.state.replace("_", " ")
        raise UasocialError(
            f"{short}: is {state}, and not live; `uasocial cancel {short}` takes back what is "
            "pending"
        )


def orphans(ledger: "Ledger", chosen: Collection[Item]) -> list[Item]:
    """List what is live and answers one of *chosen*, and would stay without it."""
    ids = [item.delivery for item in chosen]
    answers = [deliveries.c.answers.in_(ids), deliveries.c.id.not_in(ids)]
    with ledger.read() as connection:
        found = list(items(connection, [*answers, deliveries.c.state == "sent"]))
    return [item for item in found if not item.deleted_at]


# --- said anew ---------------------------------------------------------------------------------


def correction(kit: "Toolkit", ledger: "Ledger", item: Item, by: str) -> Correction:
    """Render the wording of a live post again, from the files as they are now; plan nothing."""
    if item.text is None:
        raise UasocialError(f"{item.delivery[: queue.SHORT]}: its words were erased")
    account = accounts.account(kit, item.account)
    before = queue.post_in(ledger, queue.find(ledger, item.delivery))
    action = kit.action(item.action)
    at = posting.at_moment(kit, account, kit.now)
    draft = posting.draft_for(at, action, account, item.occasion, item.wording)
    if item.without:
        # A handle that was left out is put back by nobody unasked.
        bare = posting.without_handles(at, action, account, draft)
        draft = replace(draft, text=bare, handles="") if bare is not None else draft
    alts = [one.alt for one in before.media]
    posting.assert_sayable(action, (draft.content_warning, draft.text, *alts), at.now)
    if before.media:
        posting.assert_beside(at, account, [draft.text])
    post = posting.make_post(
        at, action, account, draft, by, media=before.media, answers=before.answers
    )
    return Correction(
        item,
        post,
        _said(at, before, item.text),
        _said(at, post, post.text),
        _obstacle(account, item),
    )


def _said(kit: "Toolkit", post: Post, text: str) -> Said:
    measure = kit.measure(kit.platform(post.platform), text, post.content_warning)
    return Said(text, post.content_warning, measure)


def _obstacle(account: "Account", item: Item) -> str:
    short = item.delivery[: queue.SHORT]
    instead = f"delete it with `uasocial correct {short} --delete`, or answer it"
    if account.kind is None:
        return "it was published by hand: edit it there"
    if not account.kind.can_edit:
        return f"{account.kind.name} cannot edit what is live: {instead}"
    if account.stated.approval == "required":
        # One person alone would say what nobody else has seen.
        return f"the account asks for approval, and an edit has none: {instead}"
    return ""


def correct(kit: "Toolkit", ledger: "Ledger", one: Correction, by: str) -> "Edited":
    """Let a live post say what its case says now; raise Refused where it cannot be edited."""
    if one.obstacle:
        raise Refused(printable(f"{one.item.delivery[: queue.SHORT]}: {one.obstacle}"))
    return editing.edit(ledger, one.item, one.post, by, accounts.opener(kit))


# --- taken back --------------------------------------------------------------------------------


def delete(
    kit: "Toolkit", ledger: "Ledger", chosen: Sequence[Item], by: str, why: str
) -> "Iterator[Deleted]":
    """Take live posts back, the last of a thread first; each is on record before the next."""
    for item in reversed(chosen):
        if why:
            _note(ledger, item, by, "asked", why)
        yield from stopping.delete_live(kit, [item], by)


def _note(ledger: "Ledger", item: Item, by: str, outcome: str, why: str) -> None:
    with ledger.write() as connection:
        noted(ledger, connection, item.delivery, "delete", by, outcome, printable(why)[:500])
