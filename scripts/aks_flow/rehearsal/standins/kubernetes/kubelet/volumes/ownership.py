"""File modes and groups that let a container's user in."""

import os
from pathlib import Path


def give(path: Path, group: int | None, mode: int) -> None:
    """Set the mode, and the group if one is given. A process that may not give files away opens
    to everybody what the group was to have."""
    if group is not None:
        try:
            os.chown(path, -1, group)
        except PermissionError:
            mode |= (mode & 0o070) >> 3
    path.chmod(mode)
