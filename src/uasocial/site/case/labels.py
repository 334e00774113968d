"""What ways to a target, and platforms, are called in the words of the interface."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uasocial.model import Target
    from uasocial.platforms import Platform
    from uasocial.site.interface import Interface

__all__ = ["label", "opener", "ways_to"]


def label(platform: "Platform", words: "Interface") -> str:
    """Name a platform: a brand is called the same in every language, a word is translated."""
    match platform.name:
        case "email":
            return words.gettext("E-mail")
        case "email_subject":
            return words.gettext("E-mail subject")
        case "sms":
            return words.gettext("SMS")
        case _:
            return platform.label


def opener(platform: "Platform", words: "Interface") -> str:
    """Say what opens the composer of a platform."""
    match platform.name:
        case "email":
            return words.gettext("Write an e-mail")
        case "sms":
            return words.gettext("Write an SMS")
        case _:
            return words.gettext("Open %(platform)s", platform=platform.label)


def ways_to(target: "Target", words: "Interface") -> list[str]:
    """List the ways on which a letter reaches a target, in the order in which they are shown."""
    ways = (
        (words.gettext("By post"), target.address),
        (words.gettext("By e-mail"), target.emails),
        (words.gettext("By fax"), target.faxes),
        (words.gettext("By telephone"), target.phones),
    )
    return [name for name, addresses in ways if addresses]
