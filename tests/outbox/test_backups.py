"""A backup is whole, and one that is brought back sends nothing again."""

from datetime import UTC, datetime, timedelta

import pytest

from uasocial.outbox import backups, controls
from uasocial.outbox.deliveries import change, move
from uasocial.outbox.exporting import items_of
from uasocial.outbox.ledger import LedgerError
from uasocial.outbox.opening import ledger_id, open_ledger
from uasocial.outbox.verifying import verify

from . import planning

PAST = timedelta(minutes=-1)


@pytest.fixture
def kept(tmp_path):
    """A ledger in a file; closed at the end."""
    ledger = open_ledger(str(tmp_path / "ledger.db"))
    planning.account(ledger)
    yield ledger
    ledger.close()


def states(file) -> dict[str, str]:
    ledger = open_ledger(str(file))
    verify(ledger)
    found = {item.delivery: item.state for item in items_of(ledger)}
    ledger.close()
    return found


def test_a_backup_is_one_file_that_holds_all_and_is_for_its_owner_alone(kept, tmp_path):
    planning.plan(kept, planning.post())
    file = tmp_path / "copies.db"
    backups.back_up(kept, file)
    assert [path.name for path in tmp_path.glob("*copies*")] == ["copies.db"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert states(file) == {item.delivery: "planned" for item in items_of(kept)}


def test_no_backup_is_written_over_another_file(kept, tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(LedgerError, match="exists already"):
        backups.back_up(kept, tmp_path / "letter.txt")
    with pytest.raises(LedgerError, match="cannot be written: No such file"):
        backups.back_up(kept, tmp_path / "nowhere" / "copy.db")
    assert (tmp_path / "letter.txt").read_text() == "dear"


def test_what_may_have_been_sent_since_a_backup_goes_to_review_and_all_is_paused(kept, tmp_path):
    now = datetime.now(UTC)
    planning.account(kept, "theirs")
    sending = planning.plan(kept, planning.post("under way", to="theirs"), at=now + PAST)
    later = planning.plan(kept, planning.post("later"), at=now + timedelta(days=1))
    moved = planning.plan(kept, planning.post("moved"), at=now + timedelta(days=2))
    with kept.write() as connection:
        change(kept, connection, sending[0], "sending", "worker")
    due = planning.plan(kept, planning.post("due"), at=now + PAST)
    backups.back_up(kept, tmp_path / "old.db")
    # Since the backup: one was moved to an earlier time, and sent.
    with kept.write() as connection:
        change(kept, connection, sending[0], "sent", "worker", expected=("sending",))
        move(kept, connection, moved[0], now + PAST, "Ana")
    planning.sent(kept, *moved)
    kept.close()

    done = backups.restore(tmp_path / "old.db", kept.file, "Ana", force=True)
    assert done.reviewed == 3
    assert states(kept.file) == {
        sending[0]: "review",
        due[0]: "review",
        moved[0]: "review",
        later[0]: "planned",
    }
    assert states(done.aside)[moved[0]] == "sent"
    restored = open_ledger(str(kept.file))
    with restored.read() as connection:
        assert [(row.kind, row.scope) for row in controls.listed(connection)] == [("pause", "all")]
    restored.close()


def test_a_backup_goes_over_no_ledger_unless_it_is_forced(kept, tmp_path):
    backups.back_up(kept, tmp_path / "old.db")
    kept.close()
    before = kept.file.read_bytes()
    with pytest.raises(LedgerError, match="there is a ledger already; --force"):
        backups.restore(tmp_path / "old.db", kept.file, "Ana")
    assert kept.file.read_bytes() == before


def test_a_ledger_that_is_in_use_is_not_put_aside(kept, tmp_path):
    backups.back_up(kept, tmp_path / "old.db")
    with kept.read() as connection:
        mine = ledger_id(connection)
        with pytest.raises(LedgerError, match="is in use: end the workers"):
            backups.restore(tmp_path / "old.db", kept.file, "Ana", force=True)
    assert planning.plan(kept, planning.post())
    with kept.read() as connection:
        assert ledger_id(connection) == mine
    assert not list(tmp_path.glob("*.new*"))
    assert not list(tmp_path.glob("*.before*"))


def test_a_damaged_ledger_is_put_aside_for_its_backup(kept, tmp_path):
    planning.plan(kept, planning.post())
    backups.back_up(kept, tmp_path / "old.db")
    kept.close()
    kept.file.write_bytes(b"SQLite format 3\0" + b"\xff" * 9000)
    done = backups.restore(tmp_path / "old.db", kept.file, "Ana", force=True)
    assert list(states(kept.file).values()) == ["planned"]
    assert done.aside.read_bytes().endswith(b"\xff")


def test_what_is_no_backup_is_not_brought_back(kept, tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    target = tmp_path / "new.db"
    with pytest.raises(LedgerError, match="is no ledger"):
        backups.restore(tmp_path / "letter.txt", target, "Ana")
    with pytest.raises(LedgerError, match="there is no such backup"):
        backups.restore(tmp_path / "gone.db", target, "Ana")
    backups.back_up(kept, tmp_path / "old.db")
    data = bytearray((tmp_path / "old.db").read_bytes())
    (tmp_path / "cut.db").write_bytes(data[:40_000])
    with pytest.raises(LedgerError, match="damaged"):
        backups.restore(tmp_path / "cut.db", target, "Ana")
    assert not target.exists()
    assert not list(tmp_path.glob("*.new*"))


def test_a_ledger_brought_back_by_other_means_is_made_harmless_too(ledger):
    planning.account(ledger)
    due, later = (
        planning.plan(ledger, planning.post(text), at=datetime.now(UTC) + distance)[0]
        for text, distance in (("due", PAST), ("later", timedelta(days=1)))
    )
    assert backups.settle(ledger, "Ana") == 1
    assert planning.state(ledger, due) == "review"
    assert planning.state(ledger, later) == "planned"
    verify(ledger)


def test_a_backup_of_postgresql_names_its_own_tool(ledger, tmp_path):
    if ledger.is_sqlite:
        backups.back_up(ledger, tmp_path / "copy.db")
        assert (tmp_path / "copy.db").exists()
    else:
        with pytest.raises(LedgerError, match="pg_dump"):
            backups.back_up(ledger, tmp_path / "copy.db")
