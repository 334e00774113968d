"""No client library is imported before an account is opened, with every package installed."""

import json
import subprocess
import sys

import pytest

LIBRARIES = {
    "apprise",
    "atproto",
    "atproto_client",
    "httpx",
    "mastodon",
    "nostr_sdk",
    "requests",
    "telegram",
    "tweepy",
    "websockets",
}
PACKAGES = ("apprise", "bluesky", "mastodon", "nostr", "telegram", "x")
# Lists the kinds of a package, which is all that its import is for.
LISTED = """\
import json, sys, uasocial_{name}
kinds = [kind.name for kind in uasocial_{name}.register_publishers()]
print("\\nDONE", json.dumps([kinds, list(sys.modules)]))
"""
RUN = """\
import json, sys
from uasocial.cli import cli
cli({args!r}, prog_name="uasocial", standalone_mode=False)
print("\\nDONE", json.dumps([[], list(sys.modules)]))
"""
COMMANDS = {
    "share": ("share", "ua-119-21", "--as-of", "2021-12-01"),
    "accounts list": ("accounts", "list", "--json"),
    "plugins": ("plugins",),
}
SETTINGS = """\
[accounts.bluesky]
platform = "bluesky"
language = "en"
settings = {handle = "urgent.example.org"}
[accounts.mastodon]
platform = "mastodon"
language = "en"
settings = {instance = "mastodon.example"}
[accounts.nostr]
platform = "nostr"
language = "en"
settings = {relays = "wss://relay.example.org"}
[accounts.room]
platform = "discord"
kind = "apprise"
language = "en"
[accounts.telegram]
platform = "telegram"
language = "en"
settings = {chat = "@voices_of_belmara"}
[accounts.x]
platform = "x"
kind = "x"
language = "en"
[accounts.x2]
platform = "x"
kind = "x-oauth2"
language = "en"
settings = {client_id = "app"}
"""


def run(code: str, cwd) -> tuple[list[str], set[str], str]:
    """Run it as a process of its own; return what it told, what it imported, what it said."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=cwd,
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={"PYTHONUTF8": "1", "UASOCIAL_CONFIG": str(cwd)},
    )
    said, _, told = done.stdout.partition("\nDONE ")
    assert told, done.stderr
    kinds, modules = json.loads(told)
    return kinds, set(modules), said


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_lists_its_publishers_without_any_library(name, tmp_path):
    kinds, modules, _ = run(LISTED.format(name=name), tmp_path)
    assert name in kinds
    assert sorted(LIBRARIES & modules) == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_pays_for_no_library_of_a_publisher(name, tmp_path):
    """The packages themselves are imported, all of them: what is left out is what is costly."""
    if name == "accounts list":
        (tmp_path / "uasocial.toml").write_text(SETTINGS, encoding="utf-8")
    _, modules, said = run(RUN.format(args=list(COMMANDS[name])), tmp_path)
    assert said.strip()
    if name == "accounts list":
        known = json.loads(said)["accounts"]
        assert (len(known), {one["fault"] for one in known}) == (SETTINGS.count("[accounts."), {""})
    assert {f"uasocial_{package}" for package in PACKAGES} <= modules
    assert sorted(LIBRARIES & modules) == []
