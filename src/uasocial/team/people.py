"""Who may do what, as uasocial.toml says: it guards against mistakes, and not against a liar."""

from typing import TYPE_CHECKING, Literal

from uasocial.errors import Refused, printable
from uasocial.text.names import folded

if TYPE_CHECKING:
    from uasocial.settings import StatedAccount
    from uasocial.toolkit import Toolkit

__all__ = ["Right", "assert_may", "may", "needs_approval", "reads", "who_may"]

Right = Literal["write", "approve", "stop"]


def may(kit: "Toolkit", by: str, *rights: Right) -> bool:
    """Tell whether somebody has one of *rights*; where no people are named, everybody has all."""
    people = kit.project.settings.people
    known = {_plain(name): person.may for name, person in people.items()}
    return not people or not set(rights).isdisjoint(known.get(_plain(by), ()))


def assert_may(kit: "Toolkit", by: str, *rights: Right) -> None:
    """Raise Refused where somebody has none of *rights*, with the names of those who have."""
    if may(kit, by, *rights):
        return
    others = who_may(kit, *rights)
    said = f"those who may are {', '.join(others)}" if others else "nobody may"
    wanted = " or ".join(f'"{right}"' for right in rights)
    raise Refused(
        printable(f"{by}: has no {wanted} in [people] of {kit.project.file}; {said}; or say --by")
    )


def who_may(kit: "Toolkit", *rights: Right) -> list[str]:
    """Return the names of those who have one of *rights*; none where no people are named."""
    people = kit.project.settings.people.items()
    return [name for name, person in people if not set(rights).isdisjoint(person.may)]


def reads(kit: "Toolkit", name: str) -> str | None:
    """Return the language that somebody reads, as the settings say; None where they do not."""
    people = kit.project.settings.people.items()
    return next((one.reads for known, one in people if _plain(known) == _plain(name)), None)


def needs_approval(kit: "Toolkit", stated: "StatedAccount") -> bool:
    """Tell whether what is planned for an account needs a second person."""
    return stated.approval == "required" or kit.project.settings.team.approval == "required"


def _plain(name: str) -> str:
    return " ".join(folded(name).split())
