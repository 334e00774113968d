"""How Alembic works on a ledger: in the transaction of `opening.migrate`."""

from alembic import context

from uasocial.outbox.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite changes a table by making it anew.
    render_as_batch=True,
)
context.run_migrations()
