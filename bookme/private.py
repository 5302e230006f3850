"""Files and folders that only the user who runs BookMe may read: people's data is in them."""

import os
import stat
import tempfile
from pathlib import Path

FOLDER, FILE = 0o700, 0o600
#: For a process whose files are all like that.
UMASK = 0o077


def make_folder(path: Path) -> None:
    """Make a folder, with those above it, or take one that there is from others' eyes."""
    path.mkdir(mode=FOLDER, parents=True, exist_ok=True)
    hide(path)


def hide(path: Path) -> None:
    """Take a file or folder of ours from others' eyes; what isn't ours is its owner's affair."""
    try:
        found = path.lstat()
        if found.st_uid == os.geteuid() and found.st_mode & UMASK and not path.is_symlink():
            path.chmod(stat.S_IMODE(found.st_mode) & ~UMASK)
    except OSError:
        pass  # gone meanwhile, or on a file system without modes


def hide_all(folder: Path) -> None:
    """The same for a folder and all in it: one made by an earlier version was open to all."""
    hide(folder)
    for above, folders, files in os.walk(folder):
        for name in (*folders, *files):
            hide(Path(above) / name)


def make_file(path: Path) -> None:
    """Make an empty file if there is none, and take it from others' eyes.

    A file that may be open is never opened here: closing it again would end all the locks that this
    process holds on it, SQLite's among them (https://sqlite.org/howtocorrupt.html, 2.2). So it is
    made aside and then linked to its name.
    """
    if not path.exists():
        try:
            handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mode 0600
            os.close(handle)
            try:
                os.link(aside, path)
            finally:
                os.unlink(aside)
        except OSError:
            pass  # there by now; or whoever opens it next says why
    hide(path)


def is_ours_alone(folder: Path) -> bool:
    """Whether this is a folder, no link to one, that is ours and closed to all others."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    return ours and not found.st_mode & UMASK
