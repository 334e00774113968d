"""A ledger is made, brought up to date, or refused in a line; what is no ledger stays as it is."""

import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from uasocial.errors import UasocialError
from uasocial.outbox import backups, belonging, opening, queue
from uasocial.outbox.chain import record
from uasocial.outbox.exporting import items_of
from uasocial.outbox.ledger import Ledger, LedgerError
from uasocial.outbox.opening import VERSIONS, ledger_id, open_ledger
from uasocial.outbox.places import MARKS, assert_local
from uasocial.outbox.tables import metadata, records, told
from uasocial.outbox.verifying import verify

from . import planning


def refused(url: str) -> str:
    with pytest.raises(LedgerError) as caught:
        open_ledger(url)
    said = str(caught.value)
    assert "\n" not in said
    return said


# --- made, and brought up to date --------------------------------------------------------------


def test_the_migrations_make_the_tables_that_the_code_expects(ledger):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    options = {"compare_type": True, "compare_server_default": True}
    with ledger.read() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == VERSIONS[-1]


def test_the_versions_known_are_the_files_of_the_migrations_in_their_order():
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(Path(opening.__file__).with_name("migrations"))
    found = [script.revision for script in scripts.walk_revisions()]
    assert tuple(reversed(found)) == VERSIONS


def test_an_address_without_a_scheme_is_a_file_that_only_its_owner_reads(tmp_path):
    file = tmp_path / "new" / "ledger.db"
    ledger = open_ledger(str(file))
    planning.account(ledger)
    assert {path.stat().st_mode & 0o777 for path in file.parent.iterdir()} == {0o600}
    ledger.close()


def test_a_ledger_that_is_opened_again_is_the_same_one(ledger, ledger_url):
    planning.account(ledger)
    ids = set()
    for _ in range(2):
        again = open_ledger(ledger_url)
        with again.read() as connection:
            ids.add(ledger_id(connection))
        again.close()
    with ledger.read() as connection:
        assert ids == {ledger_id(connection)}


OPEN = """\
import sys
from uasocial.outbox.opening import ledger_id, open_ledger
ledger = open_ledger(sys.argv[1])
with ledger.read() as connection:
    print(ledger_id(connection))
"""


def test_several_processes_that_make_a_ledger_at_once_make_one(ledger_url):
    command = [sys.executable, "-c", OPEN, ledger_url]
    started = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)
    ]
    said = [process.communicate(timeout=60) for process in started]
    assert [error for _, error in said if error] == []
    assert len({out for out, _ in said}) == 1


def test_a_ledger_that_is_up_to_date_is_opened_without_alembic(tmp_path):
    open_ledger(str(tmp_path / "ledger.db")).close()
    probe = f"{OPEN}assert not [name for name in sys.modules if name.startswith('alembic')]"
    subprocess.run([sys.executable, "-c", probe, str(tmp_path / "ledger.db")], check=True)


def _first_release(ledger, *posts) -> None:
    """Make a ledger as the first release made it, with *posts* as it wrote them."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(opening.__file__).with_name("migrations")))
    with ledger.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        now = ledger.now(connection)
        old = sa.MetaData()
        old.reflect(connection)

        def add(table: str, **values) -> None:
            connection.execute(sa.insert(old.tables[table]).values(**values))

        add("gate", id=1, version=0)
        add("about", id="the-same", created_at=now)
        add("accounts", name="ours", platform="x", kind="f", language="en", mode="publish")
        for number, post in enumerate(posts):
            one = {"id": f"{number}" * 32, "post": post.id, "account": "ours", "asked_by": "Ana"}
            moments = dict.fromkeys(("planned_for", "not_before", "changed_at"), now)
            fields = {c.name: getattr(post, c.name) for c in old.tables["posts"].c}
            add("posts", **fields | {"countries": ["PE"], "media": []})
            add("deliveries", **one, **moments, send_before=now + timedelta(hours=1), state="sent")
            said = {"post": post.id, "sha256": post.sha256, "for": now}
            record(connection, now, "planned", "Ana", one["id"], **said)
            record(connection, now, "sent", "worker", one["id"])
        gone = {"delivery": "1" * 32, "worker": "Ana", "at": now}
        add("attempts", **gone, step="delete", outcome="begun")
        add("attempts", **gone, step="delete", outcome="deleted")
        record(connection, now, "deletion", "Ana", "1" * 32, outcome="deleted")


def test_a_ledger_of_the_first_release_is_brought_up_to_date_with_all_that_is_in_it(ledger_url):
    old = Ledger(ledger_url)
    posts = [planning.post("one"), planning.post("two")]
    _first_release(old, *posts)
    old.close()
    ledger = open_ledger(ledger_url)
    verify(ledger)
    first, second = items_of(ledger)
    assert (first.text, first.deleted_at, first.without, first.answers) == ("one", None, False, "")
    assert second.deleted_at is not None
    assert queue.post_in(ledger, queue.find(ledger, first.delivery)) == posts[0]
    with ledger.read() as connection:
        assert ledger_id(connection) == "the-same"
        # What happened before is no news.
        last = connection.scalar(sa.select(sa.func.max(records.c.seq)))
        assert connection.scalar(sa.select(told.c.seq)) == last == 5
    answer = replace(planning.post("three"), answers=posts[0].id)
    planning.plan(ledger, answer)
    verify(ledger)
    ledger.close()


def test_a_backup_of_the_first_release_is_brought_back(tmp_path):
    old = Ledger(f"sqlite:///{tmp_path / 'old.db'}")
    _first_release(old, planning.post("one"), planning.post("two"))
    backups.back_up(old, tmp_path / "copy.db")
    old.close()
    target = tmp_path / "ledger.db"
    assert backups.restore(tmp_path / "copy.db", target, "Ana").reviewed == 0
    ledger = open_ledger(str(target))
    assert [item.deleted_at is None for item in items_of(ledger)] == [True, False]
    ledger.close()


# --- refused -----------------------------------------------------------------------------------


def test_a_ledger_of_a_later_release_is_refused(ledger, ledger_url):
    with ledger.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert "update uasocial" in refused(ledger_url)


def test_a_database_of_something_else_stays_as_it_is(ledger_url):
    other = Ledger(ledger_url)
    with other.write() as connection:
        connection.exec_driver_sql("CREATE TABLE recipes (name TEXT)")
    other.close()
    assert "something else" in refused(ledger_url)
    with other.read() as connection:
        assert sa.inspect(connection).get_table_names() == ["recipes"]
    other.close()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"a shopping list\n" * 200, "is no ledger"),
        (b"SQLite format 3\0" + b"\xff" * 5000, "is damaged"),
        (b"SQLite format 3\0", "is damaged"),
    ],
)
def test_a_file_that_is_no_database_stays_as_it_is(tmp_path, data, sentence):
    file = tmp_path / "ledger.db"
    file.write_bytes(data)
    assert sentence in refused(str(file))
    assert file.read_bytes() == data
    assert list(tmp_path.iterdir()) == [file]


def test_a_ledger_that_was_cut_off_is_refused(tmp_path):
    file = tmp_path / "ledger.db"
    open_ledger(str(file)).close()
    file.write_bytes(file.read_bytes()[:20_000])
    assert "damaged" in refused(str(file))


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("mysql://localhost/ledger", "write sqlite:///… or postgresql://…"),
        ("nothing://", "write sqlite:///… or postgresql://…"),
        ("postgresql://ana:secret@host:port/ledger", "write sqlite:///… or postgresql://…"),
        ("sqlite:////dev/null/ledger.db", "Not a directory"),
    ],
)
def test_an_address_that_is_none_is_told_without_its_password(url, sentence):
    said = refused(url)
    assert sentence in said
    assert "secret" not in said


def test_a_server_that_does_not_answer_is_told_without_its_password():
    said = refused("postgresql://ana:secret@127.0.0.1:1/ledger")
    assert said.startswith("the ledger cannot be used: ")
    assert "secret" not in said


def test_a_missing_driver_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert "pip install 'uasocial[postgresql]'" in refused("postgresql://localhost/ledger")


def test_a_full_disk_is_a_line_and_nothing_is_lost(tmp_path):
    ledger = open_ledger(str(tmp_path / "ledger.db"))
    planning.account(ledger)

    @sa.event.listens_for(ledger.engine, "begin")
    def _no_room(connection) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count=1")

    with pytest.raises(LedgerError, match="the disk is full: make room"):
        planning.plan(ledger, planning.post("word " * 4000))
    ledger.close()
    again = open_ledger(str(tmp_path / "ledger.db"))
    with again.read() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM posts")) == 0
    again.close()


# --- where it must not lie ---------------------------------------------------------------------

MOUNTS = """\
/dev/disk / ext4 rw 0 0
server:/export /srv/our\\040team nfs4 rw 0 0
share /srv/share cifs rw 0 0
host:/ /home/ana/far fuse.sshfs rw 0 0
/dev/disk2 /srv/share/local ext4 rw 0 0
"""


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/srv/our team/ledger.db", "nfs4"),
        ("/srv/share/deep/ledger.db", "cifs"),
        ("/home/ana/far/ledger.db", "fuse.sshfs"),
    ],
)
def test_a_place_on_the_network_is_refused_with_what_to_do(tmp_path, place, kind):
    (tmp_path / "mounts").write_text(MOUNTS)
    with pytest.raises(LedgerError, match=rf"\({kind}\).*put it on a disk of this machine"):
        assert_local(Path(place), tmp_path / "mounts")


@pytest.mark.parametrize("place", ["/srv/share/local/ledger.db", "/srv/shared/ledger.db", "/l.db"])
def test_a_disk_of_this_machine_is_fine(tmp_path, place):
    (tmp_path / "mounts").write_text(MOUNTS)
    assert_local(Path(place), tmp_path / "mounts")


@pytest.mark.parametrize(
    "folder",
    [
        "Dropbox",
        "Dropbox (Gate team)",
        "OneDrive - Gate team",
        "Mobile Documents",
        "Google Drive",
        "GoogleDrive",
        "Nextcloud",
        "iCloudDrive",
    ],
)
def test_a_synced_folder_is_refused_by_its_name(tmp_path, folder):
    file = tmp_path / folder / "project" / "ledger.db"
    assert f"copies elsewhere ({folder})" in refused(str(file))
    assert not file.parent.exists()


@pytest.mark.parametrize("mark", MARKS)
def test_a_synced_folder_is_refused_by_what_lies_in_it(tmp_path, mark):
    (tmp_path / mark).mkdir()
    assert f"that {MARKS[mark]} copies elsewhere" in refused(str(tmp_path / "deep" / "ledger.db"))


def test_a_link_into_a_synced_folder_is_seen_through(tmp_path):
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "here").symlink_to(tmp_path / "Dropbox")
    assert "copies elsewhere" in refused(str(tmp_path / "here" / "ledger.db"))


# --- one account, one ledger -------------------------------------------------------------------


@pytest.fixture
def two(tmp_path, monkeypatch):
    monkeypatch.setenv("UASOCIAL_CONFIG", str(tmp_path / "config"))
    made = [open_ledger(str(tmp_path / name)) for name in ("one.db", "two.db")]
    yield made
    for ledger in made:
        ledger.close()


def test_an_account_of_one_ledger_is_refused_to_another(two):
    one, other = two
    belonging.claim(one, [("mastodon", "ana@social.example")])
    belonging.claim(one, [("mastodon", "ana@social.example"), ("x", "ana")])
    with pytest.raises(LedgerError, match=r"is on another ledger \(.*one\.db\)"):
        belonging.claim(other, [("x", "ana")])
    belonging.claim(other, [("bluesky", "ana")])
    assert belonging.release("x", "ana")
    belonging.claim(other, [("x", "ana")])
    assert not belonging.release("x", "nobody")


def test_what_cannot_be_remembered_is_told(two, tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "ledgers.json").write_text("[1]")
    with pytest.raises(UasocialError, match=r"ledgers\.json cannot be read"):
        belonging.claim(two[0], [("x", "ana")])


def test_a_copied_file_is_the_same_ledger(two, tmp_path):
    one, _ = two
    belonging.claim(one, [("x", "ana")])
    with sqlite3.connect(tmp_path / "copy.db") as target, one.tend() as connection:
        connection.connection.dbapi_connection.backup(target)
    target.close()
    copied = open_ledger(str(tmp_path / "copy.db"))
    belonging.claim(copied, [("x", "ana")])
    copied.close()
