"""A steady load: requests at a fixed rate, each on a connection of its own, until asked to stop.

`python -m aks_flow.rehearsal.scenarios.push_and_pull.load_generator REQUEST RATE OUTPUT [EVENTS ENVIRONMENT]`
takes a LoadRequest as JSON, runs until SIGTERM, and then writes a Tally as JSON. Where the run is shown, it
adds an event for each second. It is a process of its own so that the delivery does not slow it down.
"""

import asyncio
import json
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from aks_flow.rehearsal.show import recording

STARTED = "loading"  # said once a signal ends it as it should
ANSWERED_WITHIN = 30  # seconds, as clients wait: a busy machine answers late, and that is told, not failed
MOST_OPEN = 100  # requests: an app that is this far behind is asked as fast as it answers, and not buried
_ENDS_WITHIN = 10  # seconds for the last answers, so that the tally is there before this process is killed


@dataclass(frozen=True)
class LoadRequest:
    """What is asked, and how an answer tells which version gave it.

    key, header: where the version stands in it. text: what only the changed app says. All "": none tells.
    """

    url: str
    key: str = ""
    header: str = ""
    text: str = ""

    def version_of(self, headers: Mapping[str, str], body: str) -> str:
        """The version that an answer tells, or the text that it says; "" for neither."""
        if self.header:
            return headers.get(self.header, "")
        if self.key:
            value = json.loads(body)
            for part in self.key.split("."):
                value = value[part]
            return str(value)
        return self.text if self.text in body else ""


@dataclass
class Tally:
    """What the load saw.

    sent; failed: those not answered with a status of 2xx; reasons: why, with how many. slowest: seconds to
    the latest answer. versions: when each answered first and last (seconds since the epoch).
    """

    sent: int = 0
    failed: int = 0
    slowest: float = 0
    versions: dict[str, list[float]] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)

    def __post_init__(self):
        self._second = Second()

    def answered(self, version: str, seconds: float) -> None:
        now = time.time()
        self.slowest = max(self.slowest, round(seconds, 3))
        self.versions.setdefault(version, [now, now])[1] = now
        self._second.versions[version] = self._second.versions.get(version, 0) + 1

    def fail(self, reason: str) -> None:
        self.failed += 1
        self.reasons[reason] = self.reasons.get(reason, 0) + 1
        self._second.failed += 1

    def taken(self) -> "Second":
        """What was answered since the last call."""
        taken, self._second = self._second, Second()
        return taken


@dataclass
class Second:
    """What was answered within one: how often by each version."""

    versions: dict[str, int] = field(default_factory=dict)
    failed: int = 0


async def drive(request: LoadRequest, rate: float, tally: Tally, stop: asyncio.Event) -> None:
    """Send the request `rate` times a second until `stop`; late answers slow nothing below `MOST_OPEN`."""
    from aiohttp import ClientSession, ClientTimeout, TCPConnector

    connector = TCPConnector(force_close=True, limit=0)
    async with ClientSession(connector=connector, timeout=ClientTimeout(total=ANSWERED_WITHIN)) as session:
        asked, due = set(), time.monotonic()
        while not stop.is_set():
            sent = asyncio.create_task(_ask(session, request, tally))
            asked.add(sent)
            sent.add_done_callback(asked.discard)
            tally.sent += 1
            due += 1 / rate
            await _pause(stop, due - time.monotonic())
            if len(asked) >= MOST_OPEN:
                await _answer(asked, stop)
                due = time.monotonic()
        await _last_answers(asked, tally)


async def _answer(asked: set[asyncio.Task], stop: asyncio.Event) -> None:
    """Wait for the next one, or for ``stop``."""
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({stopped, *asked}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()


async def _last_answers(asked: set[asyncio.Task], tally: Tally) -> None:
    _, late = await asyncio.wait(asked, timeout=_ENDS_WITHIN) if asked else ((), ())
    for task in late:
        task.cancel()
        tally.fail("no answer at the end")


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), max(seconds, 0))
    except TimeoutError:
        return


async def _ask(session, request: LoadRequest, tally: Tally) -> None:
    began = time.monotonic()
    try:
        async with session.get(request.url) as answer:
            if 200 <= answer.status < 300:
                version = request.version_of(answer.headers, await answer.text())
                tally.answered(version, time.monotonic() - began)
            else:
                tally.fail(f"status {answer.status}")
    except Exception as error:  # whatever the reason, a request that was not answered counts
        tally.fail(type(error).__name__)


async def tell(events: Path, environment: str, tally: Tally, stop: asyncio.Event) -> None:
    """An event for each second, until `stop`."""
    while not stop.is_set():
        began = time.monotonic()
        await _pause(stop, 1)
        seconds = round(time.monotonic() - began, 3)
        recording.append(events, "load", environment=environment, seconds=seconds, **asdict(tally.taken()))


async def _main(request: LoadRequest, rate: float, output: Path, *shown: str) -> None:
    stop, tally = asyncio.Event(), Tally()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    print(STARTED, flush=True)
    telling = [tell(Path(shown[0]), shown[1], tally, stop)] if shown else []
    await asyncio.gather(drive(request, rate, tally, stop), *telling)
    draft = output.with_suffix(".new")
    draft.write_text(json.dumps(asdict(tally)))
    draft.replace(output)


if __name__ == "__main__":
    asked, pace, place, *told = sys.argv[1:]
    asyncio.run(_main(LoadRequest(**json.loads(asked)), float(pace), Path(place), *told))
