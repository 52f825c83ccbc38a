"""What kubectl starts for a token: gives the one that az gave last, while it is good, and else a new one.

    python -m aks_flow.azure.signin.kubectl_token FILE az account get-access-token …

az takes a second to start, a delivery starts kubectl some dozens of times, and a token lasts for an hour.
https://kubernetes.io/docs/reference/config-api/client-authentication.v1/
"""

import datetime
import fcntl
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aks_flow.core.command import Command
from aks_flow.core.reading import UnreadableOutput
from aks_flow.core.runner import CommandFailed, Local, Runner
from aks_flow.tools.az import account

SPARE = 300  # seconds that a token must be good for: a call of kubectl's may wait, and clocks differ


def main() -> int:
    """0 with an ExecCredential on standard output; az's exit code, with its words, if it has no token.

    1 if what az printed is none.
    """
    file, *argv = sys.argv[1:]
    try:
        kept = token(Local(), Path(file), Command(tuple(argv), reads=True))
    except CommandFailed as error:
        sys.stderr.write(error.result.error_text)
        return error.result.code
    except UnreadableOutput as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps(_credential(kept)))
    return 0


def token(run: Runner, file: Path, asked: Command) -> dict[str, Any]:
    """``{token, expires}``, from the file or from az; one asks, however many want it at once."""
    with _locked(file):
        kept = _read(file)
        if kept.get("expires", 0) < time.time() + SPARE:
            kept = account.parse_token(run.run(asked).text)
            _write(file, kept)
        return kept


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _read(file: Path) -> dict[str, Any]:
    """What was kept; nothing where there is no such file, or not a whole one."""
    try:
        kept = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _write(file: Path, kept: dict[str, Any]) -> None:
    """For this user's eyes only, and whole."""
    made = file.with_suffix(".new")
    with open(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as text:
        json.dump(kept, text)
    made.replace(file)


def _credential(kept: dict[str, Any]) -> dict[str, Any]:
    ends = datetime.datetime.fromtimestamp(kept["expires"], datetime.UTC)
    status = {"token": kept["token"], "expirationTimestamp": ends.strftime("%Y-%m-%dT%H:%M:%SZ")}
    return {"apiVersion": account.CREDENTIAL, "kind": "ExecCredential", "status": status}


if __name__ == "__main__":
    sys.exit(main())
