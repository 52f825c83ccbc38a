"""What kubectl starts for a token: gives the one that is kept while it is good, and else has a new one made.

    python -S kept_token.py FILE az account get-access-token …

A delivery starts kubectl some dozens of times. So this imports nothing of aks-flow, and nothing that takes
Python time to read: `kubectl_token` does the rest, and writes the file.
"""

import os
import sys
import time


def good(file: str) -> str:
    """The ExecCredential that is kept; "" if there is none, if it is not whole, or if it is good no longer.

    The file's first line says until when it is, in seconds since 1970.
    """
    try:
        with open(file) as text:
            until, _, credential = text.read().partition("\n")
        return credential if float(until) > time.time() else ""
    except (OSError, ValueError):
        return ""


def main() -> None:
    if kept := good(sys.argv[1]):
        sys.stdout.write(kept)
        return
    words = (sys.executable, "-m", "aks_flow.azure.signin.kubectl_token", *sys.argv[1:])
    os.execv(sys.executable, words)


if __name__ == "__main__":
    main()
