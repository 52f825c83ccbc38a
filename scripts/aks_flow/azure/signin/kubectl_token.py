"""A new token for kubectl: `kept_token` calls this where it finds none that is good, and later finds it.

    python -m aks_flow.azure.signin.kubectl_token FILE az account get-access-token …

az takes a second to start, a delivery starts kubectl some dozens of times, and a token lasts for an hour.
https://kubernetes.io/docs/reference/config-api/client-authentication.v1/
"""

import datetime
import fcntl
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aks_flow.azure.signin import kept_token
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
        credential = token(Local(), Path(file), Command(tuple(argv), reads=True))
    except CommandFailed as error:
        sys.stderr.write(error.result.error_text)
        return error.result.code
    except UnreadableOutput as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(credential)
    return 0


def token(run: Runner, file: Path, asked: Command) -> str:
    """An ExecCredential, from the file or from az; one asks, however many want it at once."""
    with _locked(file):
        if kept := kept_token.good(str(file)):
            return kept
        given = account.parse_token(run.run(asked).text)
        credential = json.dumps(_credential(given))
        _write(file, f"{given['expires'] - SPARE}\n{credential}")
        return credential


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(file: Path, kept: str) -> None:
    """For this user's eyes only, and whole."""
    made = file.with_suffix(".new")
    with open(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as text:
        text.write(kept)
    made.replace(file)


def _credential(given: dict[str, Any]) -> dict[str, Any]:
    ends = datetime.datetime.fromtimestamp(given["expires"], datetime.UTC)
    status = {"token": given["token"], "expirationTimestamp": ends.strftime("%Y-%m-%dT%H:%M:%SZ")}
    return {"apiVersion": account.CREDENTIAL, "kind": "ExecCredential", "status": status}


if __name__ == "__main__":
    sys.exit(main())
