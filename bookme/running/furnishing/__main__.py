"""``python -m bookme.running.furnishing``: before the demo's processes start, and ``… settle`` once
they answer. The data stays: a second time, neither changes anything. The first one brings the
database's tables up to date too, since starting Python once more would take longer.
"""

import os
import sys

import flask_migrate

from bookme import create_app, logs
from bookme.clock import utcnow


def main() -> None:
    logs.configure()
    sandbox = os.environ["SANDBOX_PUBLIC_URL"]
    app = create_app()
    with app.app_context():
        if sys.argv[1:] == ["settle"]:
            from bookme.running.furnishing import coming

            coming.settle(url=app.config["PUBLIC_URL"], sandbox=sandbox)
        else:
            from bookme.running.furnishing import past

            flask_migrate.upgrade()
            past.furnish(now=utcnow(), links_to=f"{sandbox}/zoom/j/")


if __name__ == "__main__":
    main()
