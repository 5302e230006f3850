"""What is logged, and what never is: no address with a token in it, no query, no person."""

import logging
import re

#: Long words in a path are tokens, wherever they stand; handles, slugs and references are shorter
#: than a token or made of hexadecimal digits only.
_TOKEN = re.compile(r"(?<=/)(?=[^/]{32,})(?![0-9a-f]{32}(?:/|$))[^/]+")


def masked_path(path: str) -> str:
    """A path fit for a log: tokens become ``***``."""
    return _TOKEN.sub("***", path)


def configure() -> None:
    """Log to standard error, a line an event.

    Called once by every process that is not the web's.
    """
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for talkative in ("urllib3", "rq", "alembic"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
