"""Files and folders that only the user who runs BookMe may read: people's data is in them."""

import os
import stat
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
    """Make an empty file if there is none, and take it from others' eyes."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, FILE))
    except OSError:
        return  # whoever opens it next says why
    hide(path)


def is_ours_alone(folder: Path) -> bool:
    """Whether this is a folder, no link to one, that is ours and closed to all others."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    return ours and not found.st_mode & UMASK
