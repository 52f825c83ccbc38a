"""What the wrapper and the task list cost, beside bare Invoke."""

import statistics
import sys
import tempfile
from pathlib import Path

from aks_flow.core.command import Command, command
from aks_flow.core.runner import Runner
from aks_flow.rehearsal.scenarios.bench.clock import seconds
from aks_flow.rehearsal.scenarios.bench.figure import Figure
from aks_flow.rehearsal.scenarios.clone_tasks import task
from aks_flow.target.delivery import DeliveryContext

CALLS = 10  # a listing takes a tenth of a second: each sample is the median of this many
NAME = "./inv --list / inv --list with an empty tasks.py"


def listing(context: DeliveryContext, runs: int) -> list[Figure]:
    """The ratio of `./inv --list` to `inv --list` with a tasks.py that has no tasks, measured in turns."""
    root = context.config.root
    with tempfile.TemporaryDirectory(prefix="aks-flow-") as folder:
        Path(folder, "tasks.py").touch()
        empty = command(sys.executable, "-m", "invoke", "--list", cwd=Path(folder), ok=(0, 1))
        ours = command(root / "inv", "--list", cwd=root) if (root / "inv").is_file() else task(root, "--list")
        return [Figure(NAME, "x", 1.15, [_ratio(context.run, ours, empty) for _ in range(runs)])]


def _ratio(run: Runner, ours: Command, empty: Command) -> float:
    turns = [(seconds(lambda: run.run(ours)), seconds(lambda: run.run(empty))) for _ in range(CALLS)]
    return statistics.median(a for a, _ in turns) / statistics.median(b for _, b in turns)
