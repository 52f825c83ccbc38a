"""The repository's post-receive hook: ``python -m scripts.rehearsal.github.hook --state … --repository …``.

It only queues, so that a push is quick and never waits for a run; git shows its words with `remote:`.
"""

import os
import sys

from scripts.errors import AksFlowError
from scripts.rehearsal.github.marks import RUN
from scripts.rehearsal.github.options import hub
from scripts.rehearsal.github.receive import parse, receive


def main() -> None:
    try:
        said = receive(hub(), parse(sys.stdin), inside_run=RUN in os.environ)
    except AksFlowError as error:  # the push itself is through: refs have moved
        said = [f"the rehearsal's GitHub could not look at this push: {error}"]
    sys.stdout.write("\n".join([*said, ""]))


if __name__ == "__main__":
    main()
