"""The committed JSON Schemas are those of the models, and the samples keep to them."""

import runpy
from pathlib import Path

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).parents[2]
MADE = runpy.run_path(str(ROOT / "tools" / "make_schemas.py"))["schemas"]()
FILES = sorted((ROOT / "actions").glob("*/*.yaml"))


@pytest.fixture(params=sorted(MADE))
def name(request):
    return request.param


def test_the_committed_schema_is_current(name):
    committed = (ROOT / "schemas" / name).read_text(encoding="utf-8")
    assert committed == MADE[name], "run `python tools/make_schemas.py`"


def test_the_schema_is_a_schema(name):
    import json

    jsonschema.Draft202012Validator.check_schema(json.loads(MADE[name]))


def _validator(path):
    import json

    name = "action" if path.name == "action.yaml" else "language"
    return jsonschema.Draft202012Validator(json.loads(MADE[f"{name}.schema.json"]))


def _plain(path):
    """Read as an editor does that knows YAML 1.2: dates are texts."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers = {  # noqa: RUF012 - as PyYAML declares it
        first: [(tag, rule) for tag, rule in rules if not tag.endswith("timestamp")]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_a_sample_keeps_to_its_schema(path):
    assert [e.message for e in _validator(path).iter_errors(_plain(path))] == []


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_the_schema_refuses_an_unknown_key_and_a_null(path):
    plain = _plain(path)
    key = "targets" if path.name == "action.yaml" else "title"
    assert not _validator(path).is_valid({**plain, "colour": "red"})
    assert not _validator(path).is_valid({**plain, key: None})
