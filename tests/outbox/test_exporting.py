"""The ledger told, its chain checked, and a text taken out of it."""

import csv
import io
import json
import sqlite3
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from uasocial.outbox import exporting
from uasocial.outbox.controls import Control
from uasocial.outbox.erasing import erase
from uasocial.outbox.stopping import stop
from uasocial.outbox.tables import deliveries, media, posts, records
from uasocial.outbox.verifying import MAX_LINE, Broken, read_lines, verify, verify_lines

from . import planning


@pytest.fixture
def filled(ledger):
    """A ledger with a post that is live and one that was stopped."""
    planning.account(ledger)
    first = planning.plan(ledger, planning.post(media=[planning.picture(ledger)]))
    planning.sent(ledger, *first)
    planning.plan(ledger, planning.post("later"))
    stop(ledger, Control("stop", "action", "gate", "Ana", "released"))
    return ledger


def test_every_post_stands_against_its_case(filled):
    live, cancelled = exporting.items_of(filled, action="gate")
    assert (live.state, live.text, live.alts) == ("sent", planning.TEXT, ("Belkori at the gate",))
    assert live.permalink.startswith("https://example.org/")
    assert (live.asked_by, live.account, live.platform) == ("Ana", "ours", "x")
    assert (cancelled.state, cancelled.why) == ("cancelled", "stopped: released")
    assert exporting.items_of(filled, action="other") == []
    assert exporting.items_of(filled, account="ours", states=["sent"]) == [live]


def test_moments_are_told_with_their_distance_from_utc(filled):
    item = exporting.items_of(filled, states=["sent"])[0]
    told = exporting.as_data(item, ZoneInfo("America/Lima"))
    assert told["sent_at"].endswith("-05:00")
    assert datetime.fromisoformat(told["planned_for"]) == item.planned_for.replace(microsecond=0)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＠"])
def test_no_cell_begins_like_a_formula(ledger, start):
    planning.account(ledger)
    text = f'{start}HYPERLINK("https://example.org"), "ä"'
    planning.plan(ledger, planning.post(text, action=f"{start}cmd"))
    told = exporting.as_csv(exporting.items_of(ledger), UTC)
    header, row = csv.reader(io.StringIO(told, newline=""))
    cells = dict(zip(header, row, strict=True))
    assert tuple(header) == exporting.COLUMNS
    assert cells["text"] == f"'{text}"
    assert cells["alts"] == ""
    assert not any(cell.startswith(exporting.FORMULA) for cell in row)


def test_a_ledger_as_it_was_written_verifies(filled):
    with filled.read() as connection:
        count = connection.scalar(sa.select(sa.func.count()).select_from(records))
    assert verify(filled).length == count > 4


FORGED = {
    "a record's name": (sa.update(records).where(records.c.seq == 2).values(by="Eva"), "record 2 "),
    "a record gone": (sa.delete(records).where(records.c.seq == 2), "record 2: is missing"),
    "the last record gone": (
        sa.delete(records).where(
            records.c.seq == sa.select(sa.func.max(records.c.seq)).scalar_subquery() - 1
        ),
        "is missing",
    ),
    "a text": (sa.update(posts).values(text="forged"), "its text or its media"),
    "a text gone": (sa.update(posts).values(text=None), "no erasure is on record"),
    "a digest": (sa.update(posts).values(sha256="0" * 64), "its digest is not the one"),
    "a state": (
        sa.update(deliveries).where(deliveries.c.state == "sent").values(state="failed"),
        "is failed, and its last record is sent",
    ),
    "a permalink": (
        sa.update(deliveries).where(deliveries.c.state == "sent").values(permalink="https://x"),
        "its permalink is not the one on record",
    ),
}


@pytest.mark.parametrize("what", FORGED)
def test_what_was_changed_past_the_ledger_is_found(filled, what):
    statement, sentence = FORGED[what]
    with filled.write() as connection:
        connection.execute(statement)
    with pytest.raises(Broken, match=sentence):
        verify(filled)


def test_an_export_verifies_without_its_ledger_and_holds_no_words(filled):
    lines = list(exporting.chained(filled))
    assert verify_lines([f"{line}\n".encode() for line in lines]) == verify(filled)
    assert "Belkori" not in "".join(lines)
    kinds = [json.loads(line)["row"]["kind"] for line in lines]
    assert (kinds[0], kinds[-1]) == ("ledger", "end")
    assert kinds.count("post") == 2


def test_one_byte_changed_anywhere_in_an_export_is_found_at_its_line(filled):
    whole = "\n".join(exporting.chained(filled)).encode() + b"\n"
    for at in range(0, len(whole) - 1, 7):
        changed = bytearray(whole)
        changed[at] ^= 1
        number = whole[:at].count(b"\n") + 1
        with pytest.raises(Broken, match=rf"^line ({number}|{number + 1}): "):
            verify_lines(io.BytesIO(bytes(changed)))


class Endless(io.BytesIO):
    """A file of one line that never ends: whoever asks for all of it is told so."""

    def readline(self, size=-1):
        assert 0 < size < 2 * MAX_LINE
        return b"x" * size


def test_a_line_without_an_end_is_not_read_whole():
    with pytest.raises(Broken, match="a line longer than any of an export"):
        list(read_lines(Endless()))


def test_a_cut_export_names_the_line_that_is_missing(filled):
    lines = [f"{line}\n".encode() for line in exporting.chained(filled)]
    with pytest.raises(Broken, match=rf"^line {len(lines)}: is missing"):
        verify_lines(lines[:-1])
    with pytest.raises(Broken, match=r"^line 3: "):
        verify_lines([*lines[:2], *lines[3:]])
    with pytest.raises(Broken, match=rf"^line {len(lines) + 1}: stands after the end"):
        verify_lines([*lines, lines[-1]])


# --- erasing -----------------------------------------------------------------------------------


def test_an_erasure_leaves_the_chain_true_and_is_on_record(filled):
    done = erase(filled, [posts.c.action == "gate"], "Ana", "asked by the family")
    assert (done.posts, done.pictures, done.left) == (2, 1, [])
    verify(filled)
    assert {item.text for item in exporting.items_of(filled)} == {None}
    with filled.read() as connection:
        kinds = connection.scalars(sa.select(records.c.kind).order_by(records.c.seq)).all()
        assert connection.scalar(sa.select(sa.func.count()).select_from(media)) == 0
    assert kinds[-2:] == ["erased", "erased"]


def test_an_erased_text_stands_nowhere_in_the_files_of_a_ledger(filled):
    if not filled.is_sqlite:
        # PostgreSQL's own files are its server's: what we can see is that no row has it.
        erase(filled, [posts.c.action == "gate"], "Ana", "asked")
        with filled.read() as connection:
            assert "Belkori" not in str(connection.execute(sa.select(posts)).all())
        return
    files = list(filled.file.parent.glob(f"{filled.file.name}*"))
    assert b"Belkori" in b"".join(file.read_bytes() for file in files)
    erase(filled, [posts.c.action == "gate"], "Ana", "asked")
    files = list(filled.file.parent.glob(f"{filled.file.name}*"))
    whole = b"".join(file.read_bytes() for file in files)
    assert b"Belkori" not in whole
    assert b"a picture" not in whole


def test_a_picture_that_another_post_uses_stays(ledger):
    planning.account(ledger)
    shared = planning.picture(ledger)
    first, _ = planning.plan(ledger, planning.post(media=[shared]), planning.post(media=[shared]))
    done = erase(ledger, [deliveries.c.id == first], "Ana", "asked")
    assert (done.posts, done.pictures) == (1, 0)
    verify(ledger)


def test_what_is_pending_is_cancelled_when_it_is_erased_and_what_is_being_sent_is_left(ledger):
    planning.account(ledger)
    pending, open_one = planning.plan(ledger, planning.post(), planning.post("other"))
    with ledger.write() as connection:
        connection.execute(
            sa.update(deliveries).where(deliveries.c.id == open_one).values(state="unknown")
        )
    done = erase(ledger, [posts.c.action == "gate"], "Ana", "asked")
    assert (done.posts, done.left) == (1, [open_one])
    assert planning.state(ledger, pending) == "cancelled"
    with ledger.read() as connection:
        texts = connection.scalars(sa.select(posts.c.text)).all()
    assert sorted(texts, key=str) == [None, "other"]


def test_a_reader_that_keeps_the_log_alive_is_told_of(tmp_path):
    from uasocial.outbox.ledger import LedgerError
    from uasocial.outbox.opening import open_ledger

    ledger = open_ledger(str(tmp_path / "ledger.db"))
    planning.account(ledger)
    planning.plan(ledger, planning.post())
    reader = sqlite3.connect(ledger.file)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM posts").fetchone()
    with ledger.tend() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=50")
    with pytest.raises(LedgerError, match="erase it once more"):
        erase(ledger, [posts.c.action == "gate"], "Ana", "asked")
    reader.close()
    assert erase(ledger, [posts.c.action == "gate"], "Ana", "asked").posts == 0
    ledger.close()
