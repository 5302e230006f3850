"""The file of a backup: a tar of what it is of (``manifest.json``) and the database."""

import hashlib
import json
import os
import tarfile
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from bookme import private

DATABASE, MANIFEST = "database", "manifest.json"


class BadBackup(Exception):
    """The file can't be used, and why, in words for the operator."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup is of.

    :param made_at: when, in UTC.
    :param kind: ``sqlite`` or ``postgresql``.
    :param revision: of the tables, as the migrations name it.
    :param keys: the ids of the TOKEN_KEYS that open what is sealed; never the keys.
    :param rows: how many each table has.
    :param digest: SHA-256 of the database's file.
    """

    made_at: datetime
    version: str
    kind: str
    revision: str
    keys: list[str]
    rows: dict[str, int]
    digest: str


def write(path: Path, manifest: Manifest, database: Path) -> None:
    """Make the file, for its owner's eyes only, whole or not at all.

    :raises OSError: if there is no room or right to.
    """
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file, tarfile.open(fileobj=file, mode="w:gz") as tar:
            said = database.with_name(MANIFEST)
            said.write_text(json.dumps(asdict(manifest), default=str, indent=2))
            tar.add(said, MANIFEST)
            tar.add(database, DATABASE)
            tar.close()
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def read(path: Path, into: Path) -> tuple[Manifest, Path]:
    """What a backup is of, and its database, unpacked into a folder.

    :raises BadBackup: if it isn't one, or isn't whole.
    """
    private.make_folder(into)
    try:
        with tarfile.open(path, "r:gz") as tar:
            for name in (MANIFEST, DATABASE):
                tar.extract(name, into, filter="data")
        said = json.loads((into / MANIFEST).read_text())
        manifest = Manifest(**{**said, "made_at": datetime.fromisoformat(said["made_at"])})
    except (OSError, EOFError, tarfile.TarError, KeyError, TypeError, ValueError) as error:
        raise BadBackup(f"{path} is no whole backup ({type(error).__name__}).") from error
    if digest(into / DATABASE) != manifest.digest:
        raise BadBackup(f"{path} is damaged: its database is another than was written.")
    return manifest, into / DATABASE


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
