"""Removing a pod's directory in small steps: a large emptyDir must not hold up the loop."""

import asyncio
import logging
import os
from pathlib import Path

log = logging.getLogger(__name__)

_FILES_A_STEP = 200


async def remove_tree(directory: Path) -> None:
    """Remove a directory and all in it; what may not be removed stays and is logged."""
    done = 0
    for root, folders, files in os.walk(directory, topdown=False):
        for name in (*files, *folders):
            _remove(os.path.join(root, name))
            done += 1
            if done % _FILES_A_STEP == 0:
                await asyncio.sleep(0)
    _remove(str(directory))


def _remove(path: str) -> None:
    try:
        if os.path.isdir(path) and not os.path.islink(path):
            os.rmdir(path)
        else:
            os.unlink(path)
    except FileNotFoundError:
        return
    except OSError as error:
        log.warning("%s stays: %s", path, error.strerror)
