"""``python -m bookme.running.furnishing``: connects the demo's host to everything, once the demo
answers, and books what is to come. The data stays: a second time, nothing changes.

Says so on its standard output once everything is connected.
"""

import os
import sys

from bookme import create_app, logs
from bookme.running.furnishing import coming, walk


def main() -> None:
    app = create_app()
    logs.configure(app.config["LOG_FORMAT"])
    with app.app_context():
        url, sandbox = app.config["PUBLIC_URL"], os.environ["SANDBOX_PUBLIC_URL"]
        walk.wait_for(f"{url}/readyz", sandbox)
        coming.connect(url=url, sandbox=sandbox)
        sys.stdout.write("connected\n")
        sys.stdout.flush()
        coming.book()


if __name__ == "__main__":
    main()
