"""A process that ends with the one that started it, also when that one was killed.

As a program it becomes the command it is given, tied to the process named by BOOKME_PARENT:

    BOOKME_PARENT=<pid> python bookme/running/tied.py redis-server --port 0

It runs before each of our processes and imports next to nothing.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Mapping

NAME = "BOOKME_PARENT"
_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15


def to(parent: int) -> None:
    """Let the system send us SIGTERM when this parent ends; end now if it has ended already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit("the process that started this one has ended")


def call_self(name: str) -> None:
    """Give this process a name of 15 characters at most, among those of one program."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_NAME, name.encode())


def command(words: list[str]) -> list[str]:
    """A command that starts another one tied to its parent."""
    return [sys.executable, "-I", "-S", __file__, *words]


def environ(of: Mapping[str, str]) -> dict[str, str]:
    """The environment for a tied command that this process starts."""
    return {**of, NAME: str(os.getpid())}


def main() -> None:
    if parent := os.environ.get(NAME):
        to(int(parent))
    os.environ[NAME] = str(os.getpid())  # what this process will start is tied to it in turn
    os.execvp(sys.argv[1], sys.argv[1:])


if __name__ == "__main__":
    main()
