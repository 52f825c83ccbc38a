"""A steady load on one address while something is delivered there."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from aks_flow.core.command import command
from aks_flow.core.config import Config
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.process.processes import SOURCES, Process

RATE = 50  # requests a second
_GENERATOR = "aks_flow.rehearsal.scenarios.push_and_pull.load_generator"


@contextmanager
def load(config: Config, url: str) -> Iterator[Callable[[], dict]]:
    """Load on ``url`` inside the block; what is yielded gives its tally afterwards (load_generator.Tally)."""
    output = config.state / "load.json"
    output.unlink(missing_ok=True)
    process = Process("load", config.state)
    process.start(Local(), command(sys.executable, "-m", _GENERATOR, url, RATE, output, cwd=SOURCES))
    try:
        yield lambda: json.loads(output.read_text())
    finally:
        process.stop()


def serves_alone_since(tally: dict, version: str) -> float:
    """When ``version`` answered for the first time with no other after it (seconds since the epoch)."""
    others = (last for name, (_, last) in tally["versions"].items() if name != version)
    return max(tally["versions"][version][0], *others, 0)
