"""Rules for the files of a case that need to know which platforms there are."""

from collections.abc import Collection, Iterator

from uasocial.errors import nearest
from uasocial.model import Action, Problem

__all__ = ["case_problems"]

At = tuple[str | int, ...]

# What the name of an account holds on a network of servers; without it nobody is mentioned.
_NEEDED = {"mastodon": ("@", "user@server.example"), "bluesky": (".", "name.bsky.social")}


def case_problems(action: Action, known: Collection[str]) -> Iterator[tuple[str, At, Problem]]:
    """Yield (language, place in its file, problem); the language of `action.yaml` is ``""``."""
    yield from _of_handles(action, known)
    for language, words in action.words.items():
        for number, post in enumerate(words.posts):
            for name in post.platforms or ():
                if name not in known:
                    message = f"post {post.id!r}: no platform {name!r}{nearest(name, known)}"
                    yield language, ("posts", number, "platforms"), Problem("C004", message)


def _of_handles(action: Action, known: Collection[str]) -> Iterator[tuple[str, At, Problem]]:
    for t, target in enumerate(action.facts.targets):
        for h, holder in enumerate(target.holders):
            at = ("targets", t, "holders", h, "handles")
            for platform, handle in holder.handles.items():
                fault = _of_handle(platform, handle, known)
                if fault:
                    yield "", (*at, platform), fault
    for platform, handles in action.facts.mentions.items():
        for handle in handles:
            fault = _of_handle(platform, handle, known)
            if fault:
                yield "", ("mentions", platform), fault


def _of_handle(platform: str, handle: str, known: Collection[str]) -> Problem | None:
    """Check one handle; that of a platform which is not installed is kept, unless it is a slip."""
    hint = nearest(platform, known) if platform not in known else ""
    if hint:
        return Problem("C004", f"no platform {platform!r}{hint}")
    sign, example = _NEEDED.get(platform, ("", ""))
    if sign not in handle:
        return Problem("C005", f"{handle!r} is no handle on {platform}: it is like {example}")
    return None
