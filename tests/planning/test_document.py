"""A plan goes into a file and comes back; what is wrong in it is told with its line."""

import pytest

from uasocial.errors import CaseError
from uasocial.model.days import Moment
from uasocial.planning.document import Row, compare, read, written

ROWS = [
    Row(
        id="1a2b3c4d",
        at=Moment.parse("2026-05-01T18:30+02:00"),
        account="board",
        wording="teacher",
        state="proposed",
        text="Line: one #tag\n- @two\n\n'three'",
    ),
    Row(
        id="5e6f7a8b",
        at=Moment.parse("2026-05-02T09:00-05:00"),
        account="hall",
        occasion="reminder",
        wording="standard",
    ),
]
ACCOUNTS = ["board", "hall"]


@pytest.fixture
def back(tmp_path):
    def read_back(text: str):
        path = tmp_path / "plan.yaml"
        path.write_text(text, encoding="utf-8")
        return read(path, ("school", "launch"), ROWS, ACCOUNTS)

    return read_back


def test_what_is_written_is_read_back_as_it_was(back):
    assert back(written("school", "launch", ROWS)) == ROWS
    assert compare(ROWS, ROWS) == []


def test_changes_are_told_in_the_order_of_time(back):
    text = written("school", "launch", ROWS).replace("2026-05-01T18:30", "2026-05-03T18:30")
    text = text.replace("wording: standard", "wording: teacher")
    new = "  - at: 2026-05-04T10:00+02:00\n    account: hall\n    wording: teacher\n"
    changes = compare(ROWS, back(text + new))
    assert [change.kind for change in changes] == ["changed", "moved", "new"]
    assert [change.kind for change in compare(ROWS, ROWS[1:])] == ["dropped"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("5e6f7a8b", "1a2b3c4d", "is there twice"),
        ("5e6f7a8b", "0000000a", "no post of the plan is '0000000a'"),
        ("account: hall", "account: hell", "there is no account 'hell'; did you mean 'hall'?"),
        ("T09:00-05:00", "T09:00", "is no moment with its zone"),
        ("action: school", "action: mill", "is a plan of 'mill'"),
        ("plan: launch", "plan: steady", "is the plan 'steady', and not 'launch'"),
        ("occasion: reminder", "occasion: remind", "is none of appeal"),
        ("wording: standard", "words: standard", "unknown key 'words'"),
    ],
)
def test_a_fault_is_told_with_its_line(back, old, new, said):
    text = written("school", "launch", ROWS).replace(old, new)
    with pytest.raises(CaseError) as caught:
        back(text)
    line = 1 + text[: text.index(new)].count("\n") if "twice" not in said else None
    assert said in str(caught.value)
    assert line is None or any(place.line == line for place in caught.value.places)


@pytest.mark.parametrize("at", ["9999-12-31T23:59-12:00", "0001-01-01T00:00+14:00"])
def test_a_moment_at_an_end_of_the_calendar_is_a_fault_with_its_line(tmp_path, at):
    """In another zone it would be in no year at all."""
    with pytest.raises(ValueError, match="look at the year"):
        Moment.parse(at)
    file = tmp_path / "plan.yaml"
    text = "action: mill\nplan: launch\nposts:\n  - {at: %s, account: board, wording: one}\n" % at  # noqa: UP031 - braces of YAML
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError, match=r"plan\.yaml:4: .*look at the year"):
        read(file, ("mill", "launch"), [], ["board"])


def test_a_file_of_an_older_plan_is_refused(tmp_path):
    """What somebody else has added or moved since would be undone by it."""
    path = tmp_path / "plan.yaml"
    path.write_text(written("school", "steady", ROWS[:1]), encoding="utf-8")
    with pytest.raises(CaseError, match="the plan has changed since this file was written"):
        read(path, ("school", "steady"), ROWS, ACCOUNTS)
    path.write_text(written("school", "steady", ROWS[:1]).replace("as_of", "# as_of"), "utf-8")
    assert read(path, ("school", "steady"), ROWS, ACCOUNTS) == ROWS[:1]
