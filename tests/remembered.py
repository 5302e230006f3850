"""What is compiled, or connected to, once a test run and not once a test: half of a test's time
otherwise. All of it works as before if SQLAlchemy one day compiles in another way.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.pool import QueuePool
from werkzeug.routing import Rule

_builders: dict[tuple[Any, ...], Callable[..., tuple[str, str]]] = {}
_dialects: dict[str, Dialect] = {}
_compiled: dict[Any, Any] = {}
_pools: dict[str, QueuePool] = {}
_kept_files: set[str] = set()


class RememberedRule(Rule):
    """A rule whose builder of addresses is taken from an equal rule of an earlier application."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if self.defaults:
            return super()._compile_builder(append_unknown)
        key = (self.rule, tuple(self._trace), append_unknown)
        if key not in _builders:
            _builders[key] = super()._compile_builder(append_unknown)
        return _builders[key]


def statements(engine: Engine) -> None:
    """Let an engine use the statements that earlier ones of its kind have compiled. They belong to
    a dialect, so it gets the first one's.
    """
    if engine.dialect.name not in _dialects:
        engine.connect().close()  # by which its dialect learns what server there is
    engine.dialect = _dialects.setdefault(engine.dialect.name, engine.dialect)
    engine.update_execution_options(compiled_cache=_compiled)


def keep(file: Path) -> None:
    """Say that this SQLite file is there for one engine after another."""
    _kept_files.add(str(file))


def connections(engine: Engine) -> None:
    """Let an engine use the connections that earlier ones have opened to the same database:
    PostgreSQL starts a process for each, SQLite reads all tables' definitions. :func:`let_go` at
    the end.
    """
    if engine.dialect.name == "postgresql" or engine.url.database in _kept_files:
        engine.pool = _pools.setdefault(str(engine.url), engine.pool)


def let_go(engine: Engine) -> None:
    """Close what no later engine uses. Of a file, one connection is kept: another test shall not
    find several where it would have opened its first.
    """
    pool, address = engine.pool, str(engine.url)
    if _pools.get(address) is pool:
        engine.pool = pool.recreate()
        if engine.url.database in _kept_files and (pool.checkedin(), pool.checkedout()) != (1, 0):
            pool.dispose()
            del _pools[address]
    engine.dispose()


def forget_connections() -> None:
    """Close all, before a server ends or a file is left."""
    for pool in _pools.values():
        pool.dispose()
    _pools.clear()
