"""What the wrapper and the task list cost, beside bare Invoke."""

import statistics
import sys
import tempfile
from pathlib import Path

from aks_flow.core.command import command
from aks_flow.core.config import Config
from aks_flow.core.runner import Local
from aks_flow.rehearsal.scenarios.bench.clock import seconds

CALLS = 10  # a listing takes a tenth of a second: each sample is the median of this many


def listing(config: Config, runs: int) -> list[tuple]:
    """The ratio of `./inv --list` to `inv --list` with a tasks.py that has no tasks, measured in turns."""
    with tempfile.TemporaryDirectory(prefix="aks-flow-") as folder:
        Path(folder, "tasks.py").touch()
        empty = command(sys.executable, "-m", "invoke", "--list", cwd=Path(folder), ok=(0, 1))
        ours = command(config.root / "inv", "--list", cwd=config.root)
        return [
            (
                "./inv --list / inv --list with an empty tasks.py",
                "x",
                1.3,
                [_ratio(ours, empty) for _ in range(runs)],
            )
        ]


def _ratio(ours, empty) -> float:
    run = Local().run
    turns = [(seconds(lambda: run(ours)), seconds(lambda: run(empty))) for _ in range(CALLS)]
    return statistics.median(a for a, _ in turns) / statistics.median(b for _, b in turns)
