"""A steady load on the app while something is delivered there."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

from aks_flow.core.command import command
from aks_flow.core.config import Config
from aks_flow.core.runner import Local
from aks_flow.rehearsal.scenarios.push_and_pull.entrance import Entrance, configured_url
from aks_flow.rehearsal.scenarios.push_and_pull.load_generator import STARTED, LoadRequest, Tally
from aks_flow.rehearsal.show import recording
from aks_flow.rehearsal.standins.process.processes import SOURCES, Process

RATE = 50  # requests a second
_GENERATOR = "aks_flow.rehearsal.scenarios.push_and_pull.load_generator"
_ROOT = "/"
_STARTS_WITHIN = 20  # seconds


def request(config: Config, environment: str, entrance: Entrance | None, text: str) -> LoadRequest | None:
    """What `rehearsal.load` asks for, None if there is no way to ask it. text: what the changed app says."""
    version, change = config.contract.version, config.rehearsal.change
    if url := configured_url(config, environment):
        return LoadRequest(url, text=text)
    if entrance is None:
        return None
    path = config.rehearsal.load or version.path or change.path or _ROOT
    url = f"{entrance.url}{path}"
    if path == version.path:
        return LoadRequest(url, version.key, version.header)
    return LoadRequest(url, text=text if path == change.path else "")


@contextmanager
def load(config: Config, asked: LoadRequest | None, environment: str) -> Iterator[Callable[[], dict]]:
    """Load inside the block; what is yielded gives its tally afterwards (load_generator.Tally).

    Nothing is sent if nothing is to be asked. environment: whose it is, for a run that is shown.
    """
    output = config.state / "load.json"
    output.unlink(missing_ok=True)
    process = Process("load", config.state)
    if asked:
        events = recording.file(config)
        shown = (events, environment) if events.is_file() else ()
        words = ("-m", _GENERATOR, json.dumps(asdict(asked)), RATE, output, *shown)
        process.log.unlink(missing_ok=True)
        process.start(Local(), command(sys.executable, *words, cwd=SOURCES))
        process.ready(lambda: STARTED in process.log.read_text(), "the load's start", _STARTS_WITHIN)
    try:
        yield lambda: json.loads(output.read_text()) if asked else asdict(Tally())
    finally:
        process.stop()


def serves_alone_since(tally: dict, version: str) -> float | None:
    """When ``version`` answered for the first time with no other after it (seconds since the epoch).

    None if no answer was told to be of that version.
    """
    if version not in tally["versions"]:
        return None
    others = (last for name, (_, last) in tally["versions"].items() if name != version)
    return max(tally["versions"][version][0], *others, 0)
