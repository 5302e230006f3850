"""gunicorn's settings: threads for pages that wait on the database, and an access log without
secrets.
"""

from typing import Any

from gunicorn.glogging import Logger

from bookme.logs import masked_path
from config import load

_settings = load()
bind = f"0.0.0.0:{_settings['PORT']}"
workers = _settings["WEB_WORKERS"]
worker_class = "gthread"
threads = 4
timeout = 30
graceful_timeout = 8
keepalive = 5
#: It would be a file outside the state folder, the same for every server of this user.
control_socket_disable = True
accesslog = "-"
errorlog = "-"
#: Method, path, status and seconds; no address, no query, no referrer.
access_log_format = "%(m)s %(U)s %(s)s %(L)s"


class MaskingLogger(Logger):
    """Hides the tokens that stand in paths."""

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        found = super().atoms(resp, req, environ, request_time)
        found["U"] = masked_path(environ.get("PATH_INFO", ""))
        return dict(found)


logger_class = MaskingLogger
