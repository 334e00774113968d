"""Every rule holds what its two examples promise, and ours are a table without gaps."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from uasocial.model import OCCASIONS, tree
from uasocial.rules import examples
from uasocial.rules.rule import Rule
from uasocial.settings import Project, Settings, find_project
from uasocial.toolkit import Toolkit

RULES = dict(Toolkit(Project(None, Settings()), datetime.now().astimezone()).rules)
# No example can hold what these find: they have tests of their own.
NO_FILE = {"C028", "D002"}


def made(example: str, folder: Path) -> Toolkit:
    day = examples.write(example, folder)
    now = datetime.fromisoformat(f"{day}T12:00+00:00")
    return Toolkit(find_project(str(folder)), now)


def codes(kit: Toolkit) -> set[str]:
    report = kit.check(kit.action_ids(), kit.choose([]), whole=True)
    return {finding.code for finding in report.findings}


def momentary(kit: Toolkit) -> set[str]:
    """Return what is told of drafts when they are handed out, and not by `check`."""
    action = kit.action("gate")
    return {
        problem.code
        for occasion in OCCASIONS
        for draft in kit.drafts(action, action.words, kit.choose([]), occasion)
        for problem in draft.problems
    }


@pytest.mark.parametrize("code", sorted(set(RULES) - NO_FILE))
def test_the_bad_example_of_a_rule_is_found_and_nothing_else(code, tmp_path):
    kit = made(RULES[code].bad, tmp_path)
    if RULES[code].momentary:
        assert code in momentary(kit)
        assert codes(kit) == set()
    else:
        assert codes(kit) == {code}


@pytest.mark.parametrize("code", sorted(RULES))
def test_the_good_example_of_a_rule_has_nothing_wrong(code, tmp_path):
    kit = made(RULES[code].good, tmp_path)
    assert codes(kit) == set()
    if RULES[code].momentary:
        assert code not in momentary(kit)


def test_the_codes_are_ours_and_each_has_its_words():
    assert len(RULES) >= 50
    for code, rule in RULES.items():
        assert isinstance(rule, Rule)
        assert re.fullmatch(r"[CDLP]\d{3}", code)
        assert rule.sentence.endswith(".")
        assert rule.sentence[0].isupper() or rule.sentence.startswith("`")
        assert rule.fix
        assert not rule.fix.endswith(".")
        assert tree.parse(rule.bad, Path("bad")).value is not None


def test_what_is_known_of_a_rule_is_data():
    about = RULES["L004"].explained()
    assert about["level"] == "warning"
    assert about["can_be_silenced"] is True
    assert RULES["P001"].explained()["can_be_silenced"] is False
    assert set(about) == {
        "code", "level", "about", "sentence", "why", "fix", "bad", "good", "can_be_silenced",
    }  # fmt: skip
