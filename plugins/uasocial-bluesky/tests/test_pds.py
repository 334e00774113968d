"""The server that tests start: on this machine alone, and never longer than whoever started it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import httpx
import pytest

from uasocial_bluesky.testing import lacking_for_pds

KILLED = """
import os, signal
from uasocial_bluesky.testing import Pds
print(Pds().url, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_server_ends_with_whoever_started_it(lacking: Callable[[str], NoReturn]) -> None:
    """Its standard error is ours: it is over when the server has ended too."""
    if missing := lacking_for_pds():
        lacking(missing)
    done = subprocess.run(
        [sys.executable, "-c", KILLED], capture_output=True, text=True, check=False, timeout=60
    )
    with pytest.raises(httpx.ConnectError):
        httpx.get(done.stdout.strip(), trust_env=False)


def test_what_is_missing_for_a_server_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("UASOCIAL_PDS", str(tmp_path))
    assert "npm ci" in lacking_for_pds()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert lacking_for_pds() == "node on this machine"
