"""From whom a host takes no bookings: addresses, domains and networks.

They are looked up by keyed hashes. What the host sees of them is sealed, and goes when the person's
data is erased; the block itself holds on.
"""

import ipaddress
from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email

from bookme import addresses, wal
from bookme.characters import seen
from bookme.crypto import Unreadable
from bookme.errors import BookMeError
from bookme.extensions import db
from bookme.models import Block, BlockKind, Booking, Origin, User
from bookme.sealed import BLOCK, keys

#: A host's list is no longer than this.
MOST = 500


class TooManyBlocks(BookMeError):
    """The host's list is full."""


def read(text: str) -> tuple[BlockKind, str]:
    """What a host has typed: an address, a domain (``@example.com`` or ``example.com``), or a
    network address, of IPv6 the /64 that it is in.

    :raises ValueError: if it is none of them.
    """
    typed = seen(text).strip().casefold()
    try:
        return BlockKind.NETWORK, network_of(typed)
    except ValueError:
        pass
    if "@" in typed.lstrip("@"):
        return BlockKind.ADDRESS, addresses.folded(typed)
    return BlockKind.DOMAIN, _domain(typed.lstrip("@"))


def network_of(text: str) -> str:
    """A network as bookings come from it.

    :raises ValueError: if it is none, or a larger one than a visitor has.
    """
    network = ipaddress.ip_network(text, strict=False)
    if isinstance(network, ipaddress.IPv6Network):
        if network.prefixlen < 64:
            raise ValueError("too large")
        return str(network.supernet(new_prefix=64))
    if network.prefixlen != 32:
        raise ValueError("too large")
    return str(network)


def add(host: User, kind: BlockKind, value: str, *, now: datetime) -> Block:
    """Take no bookings from there. What is blocked already stays so.

    :raises TooManyBlocks: if the list is full.
    """
    return _add(host, kind, digest(kind, value), value, now)


def add_network_of(booking: Booking, *, now: datetime) -> Block | None:
    """The same from the network that a booking came from; None if that isn't known any more."""
    origin = db.session.get(Origin, booking.id)
    if origin is None:
        return None
    return _add(booking.host, BlockKind.NETWORK, origin.network_digest, "", now)


def of_host(host: User) -> list[Block]:
    """A host's whole list, the newest first."""
    mine = sa.select(Block).where(Block.host_id == host.id)
    return list(db.session.scalars(mine.order_by(Block.id.desc()).limit(MOST)))


def shown(block: Block) -> str:
    """What is blocked, as the host knows it; empty where that isn't known any more."""
    if block.shown_sealed is None:
        return ""
    try:
        return BLOCK.open(block.seal_id, "shown_sealed", block.shown_sealed).removesuffix("/32")
    except Unreadable:
        return ""


def remove(host: User, block_id: int) -> bool:
    """Take bookings from there again; return whether there was such a block."""
    gone = sa.delete(Block).where(Block.id == block_id, Block.host_id == host.id)
    return db.session.scalar(gone.returning(Block.id)) is not None


def digests(people: Iterable[str], network: str) -> list[str]:
    """The hashes under which this network may be blocked, and these addresses."""
    found = [*all_digests(BlockKind.NETWORK, network)] if network else []
    for address in people:
        found += all_digests(BlockKind.ADDRESS, address)
        for domain in _domains(address):
            found += all_digests(BlockKind.DOMAIN, domain)
    return found


def is_blocked(host_id: int, people: Iterable[str]) -> bool:
    """Whether a host takes no booking with one of these addresses."""
    asked = {f"digest{at}": one for at, one in enumerate(digests(people, ""))}
    found = sa.select(is_among(len(asked)))
    return bool(asked) and bool(db.session.scalar(found, {"host_id": host_id, **asked}))


def is_among(number: int) -> sa.ColumnElement[bool]:
    """Whether the host ``host_id`` has blocked one of ``digest0``, ``digest1``, …"""
    kind = Block.digest.type
    asked = [sa.bindparam(f"digest{at}", type_=kind) for at in range(number)]
    mine = Block.host_id == sa.bindparam("host_id", type_=Block.host_id.type)
    return sa.exists().where(mine, Block.digest.in_(asked))


def forget(host: User, address: str, *, now: datetime) -> None:
    """Keep no more of a person than the hash, which holds on."""
    theirs = sa.update(Block).where(
        Block.host_id == host.id, Block.digest.in_(all_digests(BlockKind.ADDRESS, address))
    )
    db.session.execute(theirs.values(shown_sealed=None))
    wal.owe_truncation(now=now)


def digest(kind: BlockKind, value: str) -> str:
    """The keyed hash under which something is blocked."""
    return keys().digest(_counted(kind, value), f"block {kind}")


def all_digests(kind: BlockKind, value: str) -> list[str]:
    """The same under every key: what was blocked before a change of keys stays blocked."""
    return keys().digests(_counted(kind, value), f"block {kind}")


def _counted(kind: BlockKind, value: str) -> str:
    """Whoever is blocked doesn't get by with another spelling of their address."""
    return addresses.counted(value) if kind is BlockKind.ADDRESS else value


def _add(host: User, kind: BlockKind, hashed: str, value: str, now: datetime) -> Block:
    there = db.session.scalar(
        sa.select(Block).where(Block.host_id == host.id, Block.digest == hashed)
    )
    if there is not None:
        return there
    count = sa.select(sa.func.count()).where(Block.host_id == host.id)
    if (db.session.scalar(count) or 0) >= MOST:
        raise TooManyBlocks("the list is full")
    block = Block(host_id=host.id, kind=kind, digest=hashed, seal_id=uuid4().hex, created_at=now)
    if value:
        block.shown_sealed = BLOCK.seal(block.seal_id, "shown_sealed", value)
    db.session.add(block)
    db.session.flush()
    return block


def _domain(text: str) -> str:
    try:
        checked = validate_email(f"x@{text}", check_deliverability=False)
    except EmailNotValidError as error:
        raise ValueError("not a domain") from error
    return str(checked.ascii_domain).lower()


def _domains(address: str) -> list[str]:
    """The domain of an address, and those above it: who blocks example.com blocks a.example.com."""
    labels = address.rpartition("@")[2].split(".")
    return [".".join(labels[at:]) for at in range(max(1, len(labels) - 1))][:10]
