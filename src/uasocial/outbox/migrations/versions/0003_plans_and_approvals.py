"""Plans, and who agreed to which words, until when."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns; what was proposed before needs an approval."""
    op.add_column("posts", sa.Column("true_from", MOMENT))
    op.add_column("deliveries", sa.Column("plan", sa.String(length=80)))
    no = sa.false()
    op.add_column(
        "deliveries", sa.Column("needs_approval", sa.Boolean(), server_default=no, nullable=False)
    )
    op.add_column("deliveries", sa.Column("approved_by", sa.String(length=120)))
    op.add_column("deliveries", sa.Column("approved_at", MOMENT))
    op.add_column("deliveries", sa.Column("approved_sha", sa.String(length=64)))
    op.add_column("deliveries", sa.Column("approved_from", MOMENT))
    op.add_column("deliveries", sa.Column("approved_until", MOMENT))
    op.add_column("deliveries", sa.Column("approved_post", sa.String(length=40)))
    op.create_index(op.f("ix_deliveries_plan"), "deliveries", ["plan"])
    op.create_index(op.f("ix_records_delivery"), "records", ["delivery"])
    op.execute(
        sa.table("deliveries", sa.column("state"), sa.column("needs_approval"))
        .update()
        .where(sa.column("state") == "proposed")
        .values(needs_approval=sa.true())
    )
