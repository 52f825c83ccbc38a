"""Where the rehearsal's GitHub answers: for gh, and for Argo CD."""

import hashlib
import os
import tempfile
from pathlib import Path

HOST = "github.localhost"  # gh asks it by plain HTTP, and no other host
_LONGEST = 107  # bytes of a socket's path (unix(7))


def socket_of(state: Path) -> Path:
    """Where it listens; state: its folder. Not in there: that path may be too long, and so may TMPDIR's."""
    name = f"aks-flow-gh-{hashlib.sha256(os.fsencode(state.resolve())).hexdigest()[:16]}"
    place = Path(tempfile.gettempdir(), name)
    return place if len(os.fsencode(place)) <= _LONGEST else Path("/tmp", name)
