"""``python -m sandbox``."""

import logging
import os
import sys

from sandbox.config import Config, ConfigError
from sandbox.server import run


def main() -> int:
    """Run the sandbox as the environment says."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd's: it names recipients
    try:
        config = Config.from_environ(os.environ)
    except ConfigError as error:
        logging.getLogger(__name__).error("%s", error)
        return 2
    run(config)
    return 0


if __name__ == "__main__":
    sys.exit(main())
