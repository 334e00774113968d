"""What every test may ask for, and the switch that turns a skip into a failure."""

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ORACLE = ROOT / "tests" / "oracle"
SHARED = ROOT.parent / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--texts",
        type=int,
        default=2000,
        help="random texts for each comparison with a reference package (default: 2000)",
    )
    parser.addoption(
        "--seed", type=int, default=1, help="seed of the random texts (default: 1)"
    )


def lacking(what: str) -> None:
    """Skip for want of *what*; with UASOCIAL_TESTS=all in the environment, fail instead."""
    if os.environ.get("UASOCIAL_TESTS") == "all":
        pytest.fail(f"UASOCIAL_TESTS=all, and there is no {what}")
    pytest.skip(f"no {what}")


@pytest.fixture(scope="session")
def node() -> str:
    """The Node program, with the reference packages of tests/oracle installed."""
    program = shutil.which("node")
    if program is None:
        lacking("node on this machine")
    if not (ORACLE / "node_modules").is_dir():
        lacking("tests/oracle/node_modules: run `npm ci --prefix tests/oracle`")
    return program


@pytest.fixture(scope="session")
def vectors():
    """A reader of the length and entity vectors beside the project, where they are."""
    import json

    def read(name: str):
        path = SHARED / "data" / "vectors" / f"{name}.json"
        if not path.is_file():
            # Never a failure: the project stands without this folder.
            pytest.skip(f"no {name}.json beside the project")
        return json.loads(path.read_text(encoding="utf-8"))

    return read
