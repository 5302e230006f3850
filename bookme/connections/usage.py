"""What of a host hangs on a provider: connections, and the schedules that use them."""

from collections.abc import Iterable
from typing import Any, TypeVar

import sqlalchemy as sa

from bookme.extensions import db
from bookme.models import Connection, ConnectionStatus, LocationKind, Schedule, User
from bookme.providers.registry import MAKERS

#: A schedule, or as much of one as tells how it takes place.
Of = TypeVar("Of", bound=Any)

#: More schedules than these are not named one by one.
_MOST = 20


#: Over which connection the meetings of a video provider are made, where the names differ.
_MADE_OVER = {name: maker.name for name, maker in MAKERS.items() if name != maker.name}


def connected(host_id: int) -> dict[str, Connection]:
    """The host's connections by provider: active ones, and those in need of their host."""
    found = db.session.scalars(
        sa.select(Connection).where(
            Connection.host_id == host_id, Connection.status != ConnectionStatus.INACTIVE
        )
    )
    return {connection.provider: connection for connection in found}


def schedules_using(host: User, provider: str) -> list[Schedule]:
    """The host's living schedules whose next booking would get a meeting over this connection, by
    title, switched off ones included; the first of them if there are many.
    """
    return list(
        db.session.scalars(
            sa.select(Schedule)
            .where(Schedule.host_id == host.id, Schedule.deleted_at.is_(None))
            .where(by_provider(provider, host.default_video_provider))
            .order_by(Schedule.title, Schedule.id)
            .limit(_MOST)
        )
    )


def active_by_connection(host: User) -> dict[str, list[Schedule]]:
    """The host's schedules that take bookings for meetings, by the connection these are made over;
    the first of them if there are many.
    """
    found = db.session.scalars(
        sa.select(Schedule)
        .where(Schedule.host_id == host.id, Schedule.deleted_at.is_(None), Schedule.active)
        .where(Schedule.location_kind == LocationKind.VIDEO)
        .order_by(Schedule.title, Schedule.id)
        .limit(len(MAKERS) * _MOST)
    )
    return by_connection(host, found)


def by_connection(host: User, schedules: Iterable[Of]) -> dict[str, list[Of]]:
    """Those of a host's schedules that take bookings for meetings, by the connection these are made
    over.
    """
    made_over: dict[str, list[Of]] = {}
    for one in schedules:
        name = one.video_provider or host.default_video_provider or ""
        if one.active and one.location_kind is LocationKind.VIDEO and name in MAKERS:
            made_over.setdefault(MAKERS[name].name, []).append(one)
    return made_over


def schedules_following(host: User) -> list[Schedule]:
    """The host's living video schedules that follow his default, by title; the first of many."""
    return list(
        db.session.scalars(
            sa.select(Schedule)
            .where(Schedule.host_id == host.id, Schedule.deleted_at.is_(None))
            .where(Schedule.location_kind == LocationKind.VIDEO, Schedule.video_provider.is_(None))
            .order_by(Schedule.title, Schedule.id)
            .limit(_MOST)
        )
    )


def by_provider(provider: object, default: object) -> sa.ColumnElement[bool]:
    """The condition that a schedule's bookings get their meetings over a connection.

    :param provider: the connection's, or a column of it.
    :param default: the host's default video provider, or a column of it.
    """
    followed = sa.func.coalesce(Schedule.video_provider, default)
    made_over = sa.case(_MADE_OVER, value=followed, else_=followed)
    return sa.and_(Schedule.location_kind == LocationKind.VIDEO, made_over == provider)
