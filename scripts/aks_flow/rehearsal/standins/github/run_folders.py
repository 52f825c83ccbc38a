"""Where a run works: its clone beside its record, and the copies that act makes of it for each job."""

import shutil
import tempfile
from pathlib import Path


def work(folder: Path) -> Path:
    return folder / "work"


def scratch(folder: Path) -> Path:
    """A new folder for act, which cannot work under a path with a space (0.2.89): ``folder`` links to it."""
    made = Path(tempfile.mkdtemp(prefix="aks-flow-run-"))
    (folder / "jobs").symlink_to(made)
    return made


def clear(folder: Path) -> None:
    """Remove both, also those of a run that was killed."""
    link = folder / "jobs"
    shutil.rmtree(work(folder), ignore_errors=True)
    if link.is_symlink():
        shutil.rmtree(link.resolve(), ignore_errors=True)
        link.unlink()
