"""Where the rehearsal's GitHub answers: for gh, and for Argo CD."""

import hashlib
import os
import tempfile
from pathlib import Path

HOST = "github.localhost"  # gh asks it by plain HTTP, and no other host


def socket_of(state: Path) -> Path:
    """Where it listens; state: its folder. Not in there: a socket's path has 107 bytes at most (unix(7))."""
    name = hashlib.sha256(os.fsencode(state.resolve())).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"aks-flow-gh-{name}"
