"""A command waits for nothing that it does not need."""

import pytest

PROBE = """\
import sys
from uasocial.cli import cli
try:
    cli({args!r}, prog_name="uasocial")
finally:
    print("\\nMODULES", *sys.modules)
"""
NETWORK = {"sqlalchemy", "pydantic", "pydantic_settings", "tweepy", "atproto", "mastodon", "httpx"}
COMMANDS = {
    "share": ("share", "ua-119-21", "--as-of", "2021-12-01"),
    "count": ("count", "-p", "x", "text"),
    "list": ("list",),
    "check": ("check",),
}
NEVER = {
    "share": NETWORK
    | {"segno", "pyperclip", "webbrowser", "uasocial.model.faults", "uasocial.rules.parity"},
    "count": NETWORK | {"segno", "pyperclip"},
    "list": NETWORK | {"segno", "pyperclip"},
    "check": NETWORK
    | {"PIL", "segno", "pyperclip", "ruamel.yaml", "docx", "uasocial.rules.examples"},
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_imports_no_library_that_it_does_not_need(tmp_path, name):
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-c", PROBE.format(args=list(COMMANDS[name]))],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        encoding="utf-8",
        env={"PYTHONUTF8": "1", "UASOCIAL_CONFIG": str(tmp_path)},
    )
    modules = done.stdout.partition("\nMODULES ")[2].split()
    assert "uasocial.toolkit" in modules
    assert sorted(NEVER[name].intersection(modules)) == []
