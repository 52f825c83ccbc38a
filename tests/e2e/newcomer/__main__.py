"""`python -m tests.e2e.newcomer SUITE LINE`: a line typed in a fresh clone on a new machine."""

import sys
import tempfile
from pathlib import Path

from tests.e2e.newcomer import machine, readme


def main(suite: str, line: str) -> int:
    if reason := machine.obstacle():
        sys.exit(reason)
    with tempfile.TemporaryDirectory() as folder, machine.new(suite, Path(folder)) as made:
        cloned = readme.commands()[0].replace("…", machine.BUNDLE)
        return made.start(f"{cloned} && {line}", "/srv", "root", sys.stdout, {}).wait()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
