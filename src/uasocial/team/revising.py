"""What is pending held against what the files say now; what differs waits until somebody looks."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from uasocial import accounts
from uasocial.errors import UasocialError
from uasocial.model import Action, writing
from uasocial.model.digests import changed, digests
from uasocial.model.post import MOVABLE, Post
from uasocial.outbox import approvals, queue, rewording
from uasocial.team.plans import Writer

if TYPE_CHECKING:
    from uasocial.outbox.ledger import Ledger
    from uasocial.outbox.queue import Entry
    from uasocial.toolkit import Toolkit

__all__ = ["CHANGED", "Revision", "freeze", "keep_current", "revisions", "stale"]

CHANGED = "its words have changed in the files: look at them, and approve it again"


class Revision(NamedTuple):
    """A pending post, and what it would say now; *after* None where it can be said no more.

    *why* says the reason then.
    """

    entry: "Entry"
    before: Post
    after: Post | None
    why: str = ""

    @property
    def differs(self) -> bool:
        return self.after is None or _said(self.before) != _said(self.after)


def _said(post: Post) -> tuple[str, str, str | None]:
    return post.sha256, post.content_warning, post.without


def revisions(
    kit: "Toolkit", ledger: "Ledger", action: Action, entries: "Iterable[Entry]", by: str
) -> list[Revision]:
    """Write each pending post anew for its own moment; nothing is changed."""
    writer = Writer(kit, action, by)
    pending = (entry for entry in entries if entry.state in MOVABLE)
    found = [_revision(kit, ledger, writer, entry) for entry in pending]
    for one in found:
        if not one.differs:
            _keep(writer, one.before)
    return [_unlike(writer, one) for one in found]


def _keep(writer: Writer, post: Post) -> None:
    writer.keep(post.platform, post.account, post.text)


def _unlike(writer: Writer, one: Revision) -> Revision:
    """Return a revision, unless it would say what another post says already."""
    if one.after is None or one.before.text == one.after.text:
        return one
    if not writer.is_new(one.after):
        return one._replace(after=None, why="another post says these very words")
    _keep(writer, one.after)
    return one


def _revision(kit: "Toolkit", ledger: "Ledger", writer: Writer, entry: "Entry") -> Revision:
    # Its words with handles, also where those without go out: both are written anew.
    before = queue.post_in(ledger, replace(entry, without=False))
    try:
        account = accounts.account(kit, entry.account)
        after = writer.again(account, max(entry.planned_for, kit.now), before)
    except UasocialError as error:
        return Revision(entry, before, None, str(error))
    return Revision(entry, before, after)


def freeze(ledger: "Ledger", found: Sequence[Revision], by: str) -> list[str]:
    """Let what differs say what the files say, once somebody has approved it; all or none.

    Return the ids; what is being sent by now stays as it is.
    """
    with ledger.write() as connection:
        frozen = []
        for one in found:
            if not one.differs:
                continue
            if one.after is None:
                why = f"it can be said no more: {one.why}"
                frozen += approvals.void(ledger, connection, [one.entry.id], by, why)
            elif rewording.reword(ledger, connection, one.entry, one.after, by, CHANGED):
                frozen.append(one.entry.id)
        return frozen


# --- a change that no translation need follow --------------------------------------------------


def stale(action: Action) -> dict[str, list[str]]:
    """Return the translations that are older than what they were made from, and in which parts."""
    found = {}
    for language, words in action.words.items():
        made = words.translated_from
        if made is not None and made.language in action.words:
            parts = changed(action.words[made.language], made)
            if parts:
                found[language] = parts
    return found


def keep_current(action: Action, languages: Iterable[str]) -> None:
    """Record that translations are as good as what they were made from, as that is now."""
    for language in languages:
        made = action.words[language].translated_from
        if made is not None:
            now = digests(action.words[made.language])
            said = {"language": made.language, "digests": now}
            writing.edit(action.folder / f"{language}.yaml", {"translated_from": said})
