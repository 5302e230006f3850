"""What every part of the sandbox reaches through the running application."""

import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import current_app

from sandbox.config import Config
from sandbox.icloud.radicale import Radicale
from sandbox.microsoft.crowd import Crowd
from sandbox.settings import setting
from sandbox.store import Store
from sandbox.zoom.quota import Throttle


@dataclass(slots=True)
class Sandbox:
    """One sandbox: where it keeps its state and how it was started.

    :ivar stopping: set when the process ends, so that nothing waits any longer.
    :ivar apply_mail_mode: opens or closes the mail server; does nothing where there is none.
    """

    config: Config
    store: Store
    stopping: threading.Event = field(default_factory=threading.Event)
    throttle: Throttle = field(default_factory=Throttle)
    crowd: Crowd = field(default_factory=Crowd)
    cloud: Radicale = field(init=False)
    cloud_turn: threading.Lock = field(default_factory=threading.Lock)
    apply_mail_mode: Callable[[str], None] = field(default=lambda mode: None)

    def __post_init__(self) -> None:
        self.cloud = Radicale(self.config.state / "radicale")

    def registered(self, db: sqlite3.Connection, key: str) -> Any:
        """A part of the app's registration: as set while running, else as configured."""
        value = setting(db, key)
        return getattr(self.config, key) if value is None else value


def sandbox() -> Sandbox:
    """The sandbox of the application that is serving."""
    found: Sandbox = current_app.extensions["sandbox"]
    return found
