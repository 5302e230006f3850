"""The static files: their names in addresses, and what is sent of them.

A name in an address has a hash of what is sent (``look.0123456789ab.css``), so it never means
anything else and may be kept for ever. Scripts of one page are sent as one file. All is found out
when it is first asked for, and kept; there is nothing to build.
"""

import hashlib
import re
from functools import cache
from pathlib import Path

from bookme.web.assets.squeeze import squeeze

#: Files that are several, one after the other.
BUNDLES = {
    "booker.js": ("lazy.js", "trouble.js", "submit-once.js", "zone.js", "days.js", "mine.js"),
    "host.js": ("trouble.js", "submit-once.js", "zone.js", "copy.js"),
}
#: Names that other sites hold, so they have no hash.
STABLE = {"embed.js"}
#: What is small and worth compressing, and its type. Anything else is sent from the disk.
TEXTS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

_HASHED = re.compile(r"(?P<stem>.+)\.[0-9a-f]{12}(?P<ending>\.[A-Za-z0-9]+)")
#: Styles have no strings with such in them. Of scripts only what stands before the code goes, and
#: what has a line of its own: ours have no texts of several lines.
_COMMENT = {
    ".css": re.compile(r"/\*.*?\*/", re.S),
    ".js": re.compile(r"\A/\*.*?\*/|^\s*//[^\n]*", re.S | re.M),
}


class Files:
    """The files below a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = cache(self._name)
        self.body = cache(self._body)
        self.squeezed = cache(self._squeezed)

    def plain(self, name: str) -> str:
        """The name without its hash, if it has one."""
        found = _HASHED.fullmatch(name)
        return f"{found['stem']}{found['ending']}" if found else name

    def is_there(self, name: str) -> bool:
        """Whether there is a file of a plain name, and it is no way out of the folder."""
        if name in BUNDLES:
            return True
        try:
            path = (self.folder / name).resolve()
            return path.is_relative_to(self.folder.resolve()) and path.is_file()
        except (OSError, ValueError):  # a name that no file can have
            return False

    def digest(self, name: str) -> str:
        """A hash of what is sent."""
        return hashlib.sha256(self.body(name)).hexdigest()[:12]

    def _name(self, name: str) -> str:
        """What a file is called in addresses; what isn't there stays as it is."""
        if name in STABLE or not self.is_there(name):
            return name
        path = Path(name)
        return str(path.with_name(f"{path.stem}.{self.digest(name)}{path.suffix}"))

    def _body(self, name: str) -> bytes:
        return b"".join(self._small(part) for part in BUNDLES.get(name, (name,)))

    def _small(self, name: str) -> bytes:
        body, comment = (self.folder / name).read_bytes(), _COMMENT.get(Path(name).suffix)
        if comment is None or name.startswith("vendor/"):
            return body
        lines = (line.strip() for line in comment.sub("", body.decode()).splitlines())
        return "".join(f"{line}\n" for line in lines if line).encode()

    def _squeezed(self, name: str, way: str) -> bytes:
        return squeeze(self.body(name), way, once=True)
