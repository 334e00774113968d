"""Each package's tests run alone: with the wheels of the core and of that package, and no more.

Its contract is run, as it needs most of what the core has for tests, without the longest of its
tests, which starts a worker for each request; of all else it is seen that it can be imported. The
whole takes minutes, and is run where it stands anyway.
"""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

PLUGINS = Path(__file__).parents[2] / "plugins"
PACKAGES = sorted(path.parent.name for path in PLUGINS.glob("*/pyproject.toml"))
# A real server of Bluesky is installed beside that package's tests, or wherever this says.
PDS = PLUGINS / "uasocial-bluesky" / "tests" / "pds"
# In seconds: all tests of one package, while the machine does other things too.
PATIENCE = 300
LONGEST = "test_a_worker_killed_at_any_request"


def run(*command: str, cwd: Path, **environment: str) -> str:
    """Run a module of Python's, and return what it says; fail if it does."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=cwd,
        env={**kept, "PYTHONUTF8": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def wheel(project: Path, folder: Path) -> Path:
    """Build the wheel of a project, as whoever releases it does."""
    run("-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=project)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def core(tmp_path_factory, lacking) -> Path:
    """The wheel of uasocial itself."""
    if find_spec("hatchling") is None:
        lacking("hatchling in this environment")
    return wheel(PLUGINS.parent, tmp_path_factory.mktemp("core"))


@pytest.fixture
def installed(request, core, tmp_path) -> Path:
    """A folder with the two wheels in it, unpacked."""
    ours = wheel(PLUGINS / request.param, tmp_path / "wheel")
    folder = tmp_path / "installed"
    pip = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps", "--no-index"]
    run(*pip, "--target", str(folder), str(core), str(ours), cwd=tmp_path)
    return folder


@pytest.mark.parametrize(
    ("package", "installed"), [(name, name) for name in PACKAGES], indirect=["installed"]
)
def test_its_tests_pass_with_nothing_of_the_repository(package, installed, tmp_path):
    source = PLUGINS / package / "tests"
    shutil.copytree(source, tmp_path / "tests", ignore=shutil.ignore_patterns("node_modules"))
    environment = {"PYTHONPATH": str(installed), "UASOCIAL_PDS": str(PDS)}
    named = package.replace("-", "_")
    where = f"import uasocial, {named}; print(uasocial.__file__, {named}.__file__, sep='\\n')"
    found = run("-c", where, cwd=tmp_path, **environment).splitlines()
    assert [Path(path).is_relative_to(installed) for path in found] == [True, True]
    tests = tmp_path / "tests"
    pytest_alone = ["-m", "pytest", "-q", "-x", "-W", "error", "-k", f"not {LONGEST}"]
    told = run(*pytest_alone, "--collect-only", cwd=tests, **environment)
    assert " tests collected" in told
    contracts = [path.name for path in tests.glob("test_*contract.py")]
    told = run(*pytest_alone, *contracts, cwd=tests, **environment)
    assert " passed" in told
