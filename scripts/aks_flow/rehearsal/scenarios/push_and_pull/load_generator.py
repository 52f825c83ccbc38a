"""A steady load: requests at a fixed rate, each on a connection of its own, until asked to stop.

`python -m aks_flow.rehearsal.scenarios.push_and_pull.load_generator URL RATE OUTPUT` runs until SIGTERM, then
writes a Tally as JSON. It is a process of its own so that the delivery under test does not slow it down.
"""

import asyncio
import json
import signal
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass
class Tally:
    """What the load saw: requests sent, those not answered with 200 and why, and for each version that
    answered when it did so first and last (seconds since the epoch)."""

    sent: int = 0
    failed: int = 0
    versions: dict[str, list[float]] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)

    def answered(self, version: str) -> None:
        now = time.time()
        self.versions.setdefault(version, [now, now])[1] = now

    def fail(self, reason: str) -> None:
        self.failed += 1
        self.reasons[reason] = self.reasons.get(reason, 0) + 1


async def drive(url: str, rate: float, tally: Tally, stop: asyncio.Event) -> None:
    """Send `rate` requests a second to `url` (its /version) until `stop`; late answers slow nothing."""
    from aiohttp import ClientSession, ClientTimeout, TCPConnector

    connector = TCPConnector(force_close=True, limit=0)
    async with ClientSession(connector=connector, timeout=ClientTimeout(total=5)) as session:
        asked, start = set(), time.monotonic()
        while not stop.is_set():
            request = asyncio.create_task(_ask(session, f"{url}/version", tally))
            asked.add(request)
            request.add_done_callback(asked.discard)
            tally.sent += 1
            await _pause(stop, start + tally.sent / rate - time.monotonic())
        await asyncio.gather(*asked)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), max(seconds, 0))
    except TimeoutError:
        return


async def _ask(session, url: str, tally: Tally) -> None:
    try:
        async with session.get(url) as answer:
            if answer.status == 200:
                tally.answered((await answer.json())["version"])
            else:
                tally.fail(f"status {answer.status}")
    except Exception as error:  # whatever the reason, a request that was not answered counts
        tally.fail(type(error).__name__)


async def _main(url: str, rate: float, output: Path) -> None:
    stop, tally = asyncio.Event(), Tally()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await drive(url, rate, tally, stop)
    draft = output.with_suffix(".new")
    draft.write_text(json.dumps(asdict(tally)))
    draft.replace(output)


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], float(sys.argv[2]), Path(sys.argv[3])))
