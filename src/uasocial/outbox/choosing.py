"""Which deliveries a person means: some by their ids, or all of an action, an account, a plan."""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from uasocial.errors import UasocialError
from uasocial.model.post import State
from uasocial.outbox.deliveries import named
from uasocial.outbox.tables import deliveries, posts

__all__ = ["Chosen", "choose"]


class Chosen(NamedTuple):
    """Deliveries by the beginnings of their ids, *names*; or what all of the others say.

    *everything* is all there is; nobody is meant where nothing is given.
    """

    names: tuple[str, ...] = ()
    action: str | None = None
    account: str | None = None
    platform: str | None = None
    language: str | None = None
    country: str | None = None
    plan: str | None = None
    everything: bool = False


def choose(connection: Connection, chosen: Chosen, states: Sequence[State]) -> list[str]:
    """Return the ids of what is chosen, in the order of its plan.

    Of a scope, those in one of *states*; what is named is meant in any state. Raise UasocialError
    for a name of none or of several, and where nothing is chosen.
    """
    if not any(chosen):
        raise UasocialError("nothing is chosen: name deliveries, a scope, or --all")
    if chosen.names:
        ids = dict.fromkeys(named(connection, name).id for name in chosen.names)
        where: list[sa.ColumnElement[bool]] = [deliveries.c.id.in_(ids)]
    else:
        where = [deliveries.c.state.in_(states), *_where(chosen)]
    query = (
        sa.select(deliveries.c.id, posts.c.countries)
        .join(posts, posts.c.id == deliveries.c.post)
        .where(*where)
        .order_by(deliveries.c.planned_for, deliveries.c.seq)
    )
    country = chosen.country
    return [
        row.id for row in connection.execute(query) if country is None or country in row.countries
    ]


def _where(chosen: Chosen) -> list[sa.ColumnElement[bool]]:
    columns = (
        (posts.c.action, chosen.action),
        (deliveries.c.account, chosen.account),
        (posts.c.platform, chosen.platform),
        (posts.c.language, chosen.language),
        (deliveries.c.plan, chosen.plan),
    )
    return [column == wanted for column, wanted in columns if wanted is not None]
