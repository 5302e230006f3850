"""What is compiled once a test run, not once an application: half of a test's time otherwise. All
of it works as before if werkzeug or SQLAlchemy one day compile in another way.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy.engine import Dialect, Engine
from werkzeug.routing import Rule

_builders: dict[tuple[Any, ...], Callable[..., tuple[str, str]]] = {}
_dialects: dict[str, Dialect] = {}
_compiled: dict[Any, Any] = {}


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
