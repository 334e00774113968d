"""What is wrong in `uasocial.toml`, in words and with the line: msgspec knows neither."""

import re
from typing import Any, get_args

import msgspec
from msgspec import Struct

from uasocial.errors import nearest
from uasocial.model.kinds import Id
from uasocial.planning.cadences import Cadence
from uasocial.settings.site_table import SITE_LANGUAGES, SiteSettings
from uasocial.settings.tables import (
    After,
    Colleague,
    Event,
    InstanceLimits,
    LedgerPlace,
    Settings,
    Silence,
    StatedAccount,
    Team,
)

__all__ = ["explained", "of_account"]

_TABLES: dict[str, type[Struct]] = {
    "accounts": StatedAccount,
    "after": After,
    "cadences": Cadence,
    "instances": InstanceLimits,
    "ledger": LedgerPlace,
    "people": Colleague,
    "silence": Silence,
    "site": SiteSettings,
    "team": Team,
}
# What each key of an account is to be: msgspec would show the pattern, or the value.
_WANTED = {
    "platform": "must be a platform's name in small letters such as mastodon",
    "language": "must be a BCP 47 tag such as es or pt-BR",
    "kind": "must be the name of a publisher of the platform",
    "mode": 'must be "publish" or "by hand"',
    "gap": 'must be seconds, or a time such as "45s", "10m", "2h" or "1d", and a week at most',
    "approval": 'must be "required" or "none"',
    "settings": "must be names in small letters with texts",
}

_OF_CADENCE = {
    "days": "days must be a list of whole numbers from 0 to 366, such as [0, 1, 3]",
    "every": "every must be a whole number of days from 1 to 366",
    "last": "last must be a whole number of days from 1 to 366",
    "a_day": "a_day must be a whole number from 1 to 8",
    "clocks": 'clocks must be a list of "office" and "evening"',
    "reminders": "reminders must be a list of days before the deadline, such as [7, 3, 1]",
    "last_day": "last_day must be true or false",
}

# Tables of which little can be wrong: at which key, and what it is to be.
_WRONG = {
    "notices": ("", "must be names in small letters with texts"),
    "people": ("", 'must be tables such as [people.ana] with may = ["write", "approve", "stop"]'),
    "team": ("approval", 'approval must be "required" or "none"'),
}
_OF_AFTER = {
    "command": 'its command must be a list of texts such as ["make", "site"]',
    "timeout": 'its timeout must be seconds, or a time such as "45s" or "10m", and a day at most',
    "on": f"its on must be a list of {', '.join(get_args(Event))}",
}
_OF_SITE = {
    "url": "must be the address where the site will stand, such as https://act.example.org/ua",
    "name": "must be one line of text, without hidden characters",
    "languages": f"must be a list of at least one of {', '.join(SITE_LANGUAGES)}",
    "platforms": 'must be a list of platforms\' names such as ["x", "mastodon"]',
    "servers": 'must be a list of hosts such as ["mastodon.social"]',
    "fresh_days": "must be a whole number of days from 1 to 90",
    "accent": 'must be a colour such as "#0b5d57"',
    "accent_dark": 'must be a colour such as "#7fd6c9"',
    "contact": "must be an e-mail address, or a web address such as https://example.org/contact",
    "imprint": "must be a web address such as https://example.org/imprint",
    "privacy": "must be a web address such as https://example.org/privacy",
}


def explained(message: str, text: str, stated: dict[str, Any]) -> str:
    """Put msgspec's message into words, with the line where that can be told."""
    table = message.rpartition("`$.")[2].partition("`")[0].partition("[")[0].partition(".")[0]
    accounts = stated.get("accounts")
    if table == "accounts" and isinstance(accounts, dict):
        return _of_accounts(accounts, text)
    if message.startswith("Object contains unknown field `"):
        key = message.split("`")[1]
        known = _TABLES.get(table, Settings).__struct_fields__
        return f"{_at(text, key, table) or _at(text, key)}unknown key {key!r}{nearest(key, known)}"
    cadences = stated.get("cadences")
    if table == "cadences" and isinstance(cadences, dict):
        return _of_cadences(cadences, text)
    if table in _WRONG:
        key, fault = _WRONG[table]
        return f"{_at(text, key, table)}{table}: {fault}"
    if table in _OF_TABLE:
        return _OF_TABLE[table](message, text)
    return message.replace("Expected `", "expected `")


def _of_cadences(cadences: dict[str, Any], text: str) -> str:
    """Say which cadence is wrong, and in what."""
    for name, cadence in cadences.items():
        try:
            msgspec.convert({name: cadence}, dict[Id, Cadence])
        except msgspec.ValidationError as error:
            path = str(error).partition(" - at ")[2]
            key = path.partition("`$[...].")[2].strip("`").partition("[")[0]
            wanted = _OF_CADENCE.get(key, "must be a table, its name of small letters and hyphens")
            return f"{_at(text, key, f'cadences.{name}')}cadence {name!r}: {wanted}"
    return "its cadences are wrong"


def _of_ledger(message: str, text: str) -> str:
    said = message.partition(" - at ")[0].replace("Expected", "url: expected")
    return f"{_at(text, 'url', 'ledger')}ledger: {said}"


def _of_after(message: str, text: str) -> str:
    """Say what is wrong in `[after]`."""
    said, _, path = message.partition(" - at ")
    key = "timeout" if said == "timeout" else path.partition("`$.after.")[2].strip("`")
    key = key.partition("[")[0]
    wanted = _OF_AFTER.get(key, 'it needs a command such as ["make", "site"]')
    return f"{_at(text, key, 'after')}after: {wanted}"


def _of_site(message: str, text: str) -> str:
    """Say what is wrong in `[site]`: msgspec tells the key behind its sentence, we in front."""
    said, _, path = message.rpartition(" - at `$.site")
    key = path.strip(".`").partition("[")[0]
    if key:
        said = f"{key} {_OF_SITE[key]}"
    elif said.startswith("Expected `object`"):
        said = "must be a table: [site], and its keys below"
    line = _at(text, key or said.partition(" ")[0], "site") or _at(text, "site")
    return f"{line}site: {said}"


def _of_zone(_: str, text: str) -> str:
    return f"{_at(text, 'time_zone')}time_zone must be an IANA name such as Europe/Zurich"


_OF_TABLE = {"after": _of_after, "ledger": _of_ledger, "site": _of_site, "time_zone": _of_zone}


def _of_accounts(accounts: dict[str, Any], text: str) -> str:
    """Say which account is wrong, and in what."""
    for name, account in accounts.items():
        try:
            msgspec.convert({name: account}, dict[Id, StatedAccount])
        except msgspec.ValidationError as error:
            key, fault = of_account(str(error))
            return f"{_at(text, key, f'accounts.{name}')}account {name!r}: {fault}"
    return "its accounts are wrong"


def of_account(message: str) -> tuple[str, str]:
    """Return the key of an account that is wrong, or ``""``, and what is wrong."""
    said, _, path = message.partition(" - at ")
    key = "gap" if said == "gap" else path.partition("`$[...].")[2].strip("`").partition("[")[0]
    if "unknown field `" in said:
        key = said.split("`")[1]
        hint = nearest(key, StatedAccount.__struct_fields__) or (
            "; what its publisher asks for stands in its `settings`, and a secret in no file: "
            "`uasocial accounts add`"
        )
        return key, f"there is no key {key!r}{hint}"
    if "missing required field `" in said:
        return "", f"it has no {said.split('`')[1]}"
    if key in _WANTED:
        return key, f"its {key} {_WANTED[key]}"
    if path.startswith("`key`"):
        return "", "its name must be of small letters, digits and single hyphens"
    return "", "it must be a table"


def _at(text: str, key: str, table: str = "") -> str:
    """Return ``"line 3: "`` for the line of a key, in a table if one is given, else ``""``."""
    lines = [re.sub(r"""["'\s]""", "", line) for line in text.splitlines()]
    heads = (f"[{table}]", f"[{table}.")
    start = next((n for n, line in enumerate(lines, 1) if line.startswith(heads)), 0)
    if table and not start:
        return ""
    inside = (n for n, line in enumerate(lines, 1) if n >= start and line.startswith(f"{key}="))
    line = next(inside, start) if key else start
    return f"line {line}: " if line else ""
