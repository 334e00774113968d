"""The house as a whole: what its rooms name, and what a wheel carries."""

import importlib
import pkgutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import uasocial
from uasocial import errors

ROOT = Path(__file__).parents[1]
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(uasocial.__path__, prefix="uasocial.")
    # Alembic runs this one itself, and nobody imports it.
    if module.name != "uasocial.outbox.migrations.env"
)


@pytest.mark.parametrize("name", MODULES)
def test_what_a_module_says_it_gives_is_sorted_and_there(name):
    module = importlib.import_module(name)
    names = getattr(module, "__all__", [])
    # As ruff sorts them: constants, then classes, then functions.
    assert list(names) == sorted(names, key=lambda n: (not n.isupper(), not n[0].isupper(), n))
    assert [n for n in names if not hasattr(module, n)] == []


def test_the_map_of_errors_names_every_one():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    own = [kind for kind in kinds if issubclass(kind, errors.UasocialError)]
    assert len(own) > 5
    assert [kind.__name__ for kind in own if f"{kind.__name__} " not in errors.__doc__] == []


def test_a_place_is_one_line_without_what_disturbs_a_terminal():
    place = errors.Place(Path("a.yaml"), 3, "bad \x1b[31m \u202e \ud800")
    assert str(place) == r"a.yaml:3: bad \x1b[31m \u202e \ud800"


def test_the_nearest_name_is_given_and_all_where_none_is_near():
    assert str(errors.NotFound("fruit", "aple", ["apple", "pear"])).endswith("mean 'apple'?")
    assert str(errors.NotFound("fruit", "zzz", ["pear", "apple"])).endswith("are: apple, pear")
    assert str(errors.NotFound("fruit", "zzz", [])).endswith("there is none here")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built without a network and unpacked: as good as installed."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


def test_the_wheel_carries_templates_samples_and_schemas(wheel):
    for name in ("actions", "templates", "schemas"):
        here = {str(path.relative_to(ROOT / name)) for path in (ROOT / name).rglob("*.*")}
        carried = wheel / "uasocial" / "packaged" / name
        assert {str(path.relative_to(carried)) for path in carried.rglob("*.*")} == here


def test_the_wheel_does_the_main_job_from_anywhere(wheel, tmp_path):
    code = (
        "import uasocial, sys; print(uasocial.__file__, file=sys.stderr);"
        "from uasocial.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "share", "ua-119-21", "--as-of", "2021-12-01"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(wheel), "PYTHONUTF8": "1", "UASOCIAL_CONFIG": str(tmp_path)},
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.stderr == f"{wheel / 'uasocial' / '__init__.py'}\n"
    assert done.returncode == 0
    assert done.stdout.count("https://x.com/intent/tweet?text=") >= 4


def test_a_project_made_by_the_wheel_has_the_example(wheel, tmp_path):
    subprocess.run(
        [sys.executable, "-c", "from uasocial.cli import main; main()", "init", "ours"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(wheel), "PYTHONUTF8": "1", "UASOCIAL_CONFIG": str(tmp_path)},
        check=True,
        capture_output=True,
    )
    assert (tmp_path / "ours/actions/school-in-the-hills/ar.yaml").is_file()
    assert (tmp_path / "ours/schemas/action.schema.json").is_file()
