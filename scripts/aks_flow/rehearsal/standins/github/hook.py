"""The repository's post-receive hook: `python -m aks_flow.rehearsal.standins.github.hook --state …`.

It only queues, so that a push is quick and never waits for a run; git shows its words with `remote:`.
"""

import os
import sys

from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.standins.github.options import hub
from aks_flow.rehearsal.standins.github.receive import parse, receive
from aks_flow.rehearsal.standins.github.run_processes import RUN


def main() -> None:
    try:
        said = receive(hub(), parse(sys.stdin), inside_run=RUN in os.environ)
    except AksFlowError as error:  # the push itself is through: refs have moved
        said = [f"the rehearsal's GitHub could not look at this push: {error}"]
    sys.stdout.write("\n".join([*said, ""]))


if __name__ == "__main__":
    main()
