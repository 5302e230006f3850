"""One application for all tests of a process, each time as if it were new: to make one takes longer
than most tests.

What a test may have changed is put back (hooks, views, settings, extensions), and what settings
decide is made again (engine, limits, keys, queue, mail). Templates stay compiled. An application
that has got another address is not used again.
"""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from bookme import create_app, database, outside
from bookme.extensions import db, limiter

_made: list["_Reused"] = []


def application(settings: Mapping[str, Any]) -> Flask:
    """What ``create_app`` makes of a test's settings, by and by the same."""
    if not _made or _made[-1].has_other_addresses:
        _made[:] = [_Reused(settings)]
    else:
        _made[-1].renew(settings)
    return _made[-1].app


class _Reused:
    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.app = create_app(settings)
        self._parts = {name: _copied(part) for name, part in vars(self.app).items()}
        self._addresses = self._count_addresses()

    @property
    def has_other_addresses(self) -> bool:
        return self._count_addresses() != self._addresses

    def renew(self, settings: Mapping[str, Any]) -> None:
        app = self.app
        self._put_back()
        app.config.update(settings)
        outside(app)
        del app.extensions["sqlalchemy"]
        db.init_app(app)
        limiter.init_app(app)
        with app.app_context():
            database.prepare(db.engine)
        self._put_back(but=("config", "extensions"))  # the hooks that these have added again

    def _put_back(self, but: tuple[str, ...] = ()) -> None:
        now = vars(self.app)
        for name in now.keys() - self._parts.keys():
            del now[name]
        for name, part in self._parts.items():
            if name in but:
                continue
            if isinstance(part, dict):
                now[name].clear()
                now[name].update(_copied(part))
            elif isinstance(part, list):
                now[name][:] = part
            else:
                now[name] = part

    def _count_addresses(self) -> int:
        return sum(1 for _ in self.app.url_map.iter_rules())


def _copied(part: Any) -> Any:
    """Containers anew, at every depth; what they hold as it is."""
    if isinstance(part, dict):
        made = part.copy()
        made.update((key, _copied(value)) for key, value in part.items())
        return made
    return part.copy() if isinstance(part, list) else part
