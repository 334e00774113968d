"""What a platform takes: plain data, with the name of the rule that counts."""

from msgspec import Struct
from msgspec.structs import replace

__all__ = ["Instance", "Limits"]


class Limits(Struct, frozen=True):
    """A limit of *length*, counted by *rule*; None is no limit.

    *stated* tells whether a source states the unit; where none does, *rule* is the careful one.
    *url_length* is what a web address counts where the rule counts all addresses alike. *warning*
    is of the characters of a content warning, where that does not count with the text.
    """

    length: int | None
    rule: str
    bytes: int | None = None
    url_length: int = 23
    stated: bool = True
    source: str = ""
    note: str = ""
    warning: int | None = None

    def at(self, instance: "Instance | None") -> "Limits":
        """Return the limits as *instance* sets them, where it is known to."""
        if instance is None:
            return self
        return replace(
            self,
            length=instance.length or self.length,
            url_length=instance.url_length or self.url_length,
        )


class Instance(Struct, frozen=True):
    """One server of a network of servers, with the limits that are known of it."""

    host: str
    length: int | None = None
    url_length: int | None = None
