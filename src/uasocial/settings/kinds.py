"""The kinds of text that only the settings hold."""

from typing import Annotated

from msgspec import Meta

__all__ = ["Argument", "Host", "PersonName", "SettingName"]

Host = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+(?::[0-9]{1,5})?\Z"
    ),
]
PersonName = Annotated[str, Meta(min_length=1, max_length=120)]
SettingName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Argument = Annotated[str, Meta(pattern=r"^[^\x00]+$", max_length=4000)]
