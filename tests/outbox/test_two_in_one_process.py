"""For tests/outbox/test_opening.py."""

import subprocess
import sys

import sqlalchemy as sa

from uasocial.outbox.opening import open_ledger
from uasocial.outbox.tables import gate


def test_a_ledger_that_is_opened_twice_in_a_process_loses_nothing(tmp_path):
    """Whoever opens the file itself takes SQLite's locks away, and another program its log."""
    file = str(tmp_path / "ledger.db")
    one, two = open_ledger(file), open_ledger(file)
    code = (
        "import sys; from uasocial.outbox.opening import open_ledger; "
        "open_ledger(sys.argv[1]).close()"
    )
    subprocess.run([sys.executable, "-c", code, file], check=True)
    with one.write() as connection:
        one.turn_gate(connection)
    code = (
        "import sqlite3, sys; "
        "print(*sqlite3.connect(sys.argv[1]).execute('SELECT version FROM gate'))"
    )
    said = subprocess.run([sys.executable, "-c", code, file], check=True, capture_output=True)
    with one.read() as connection:
        version = connection.scalar(sa.select(gate.c.version))
    assert said.stdout.decode().strip() == f"({version},)"
    one.close()
    two.close()
