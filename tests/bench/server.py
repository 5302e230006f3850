"""``python -m tests.bench.server <module>:<app> <port>``: a WSGI application through BookMe's own
web server, two processes.
"""

import sys
from importlib import import_module

from bookme.running import access_log, web


def main() -> None:
    module, _, name = sys.argv[1].partition(":")
    access_log.quieten()
    app = getattr(import_module(module), name)
    web.run(app, web.listen(int(sys.argv[2]), "127.0.0.1"), 2)


if __name__ == "__main__":
    main()
