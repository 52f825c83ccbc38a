"""gh: functions that return its commands, and parsers of what it prints; a module for each thing asked."""

import json
import os
from urllib.parse import quote

from aks_flow.core.command import flags

ANY = range(256)  # exit codes: its own words say why it failed
ALL_PAGES = flags(paginate=True, jq=".")  # a line for each page
MISSING = "HTTP 404"  # what gh says on standard error of what GitHub does not have, or does not show


def quoted(name: str, safe: str = "") -> str:
    """A name within a path or a query, byte by byte: git's need not be UTF-8."""
    return quote(os.fsencode(name), safe=safe)


def joined(text: str) -> dict:
    """What `gh api` prints with ALL_PAGES -> one object, its lists with the entries of all pages."""
    whole: dict = {}
    for line in text.strip().split("\n"):
        for key, value in json.loads(line).items():
            if isinstance(value, list):
                whole.setdefault(key, []).extend(value)
            else:
                whole[key] = value
    return whole
