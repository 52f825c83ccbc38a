"""gh: functions that return its commands, and parsers of what it prints; a module for each thing asked."""

import os
from urllib.parse import quote

ANY = range(256)  # exit codes: its own words say why it failed
MISSING = "HTTP 404"  # what gh says on standard error of what GitHub does not have, or does not show


def quoted(name: str, safe: str = "") -> str:
    """A name within a path or a query, byte by byte: git's need not be UTF-8."""
    return quote(os.fsencode(name), safe=safe)
