"""Housekeeping that a request could not finish."""

from bookme import wal


def truncate_log() -> bool:
    """Empty SQLite's write-ahead log if a deletion owes that; for the sweep, each round.

    :return: whether nothing is owed any more.
    """
    return wal.truncate()
