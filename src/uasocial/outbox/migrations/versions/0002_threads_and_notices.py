"""Threads, handles, edits and deletions, and how far what happened was told on."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns, and fill in what an older ledger knows of them."""
    # Without foreign keys: SQLite would have to make tables anew that others refer to.
    op.add_column("posts", sa.Column("content_warning", sa.Text()))
    op.add_column("posts", sa.Column("answers", sa.String(length=40)))
    op.add_column("posts", sa.Column("mentions", sa.JSON()))
    op.add_column("posts", sa.Column("without", sa.Text()))
    op.add_column("posts", sa.Column("number", sa.String(length=80)))
    op.add_column("posts", sa.Column("edits", sa.String(length=40)))
    op.add_column("deliveries", sa.Column("answers", sa.String(length=40)))
    no = sa.false()
    op.add_column(
        "deliveries", sa.Column("without", sa.Boolean(), server_default=no, nullable=False)
    )
    op.add_column("deliveries", sa.Column("deleted_at", MOMENT))
    op.add_column("accounts", sa.Column("token_ends_at", MOMENT))
    op.create_table(
        "told",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("worker", sa.String(length=120)),
        sa.Column("lease_until", MOMENT),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ready_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told")),
    )
    op.execute(
        "UPDATE deliveries SET deleted_at = (SELECT max(at) FROM attempts WHERE attempts.delivery"
        " = deliveries.id AND attempts.step = 'delete' AND attempts.outcome = 'deleted')"
    )
    # What happened before is no news.
    op.execute("INSERT INTO told (id, seq) SELECT 1, coalesce(max(seq), 0) FROM records")
