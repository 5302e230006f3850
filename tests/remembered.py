"""What is compiled, or connected to, once a test run and not once a test: half of a test's time
otherwise. All of it works as before if SQLAlchemy one day compiles in another way.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.pool import Pool
from werkzeug.routing import Rule

_builders: dict[tuple[Any, ...], Callable[..., tuple[str, str]]] = {}
_dialects: dict[str, Dialect] = {}
_compiled: dict[Any, Any] = {}
_pools: dict[str, Pool] = {}


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


def connections(engine: Engine) -> None:
    """Let an engine use the connections that earlier ones have opened to the same PostgreSQL, which
    starts a process for each; :func:`let_go` at the end.
    """
    if engine.dialect.name == "postgresql":
        engine.pool = _pools.setdefault(str(engine.url), engine.pool)


def let_go(engine: Engine) -> None:
    """Close what no later engine uses."""
    if _pools.get(str(engine.url)) is engine.pool:
        engine.pool = engine.pool.recreate()
    engine.dispose()


def forget_connections() -> None:
    """Close all, before a server ends."""
    for pool in _pools.values():
        pool.dispose()
    _pools.clear()
