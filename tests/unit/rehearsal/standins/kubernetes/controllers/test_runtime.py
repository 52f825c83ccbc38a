"""The loop that runs controllers: nothing is lost, nothing runs twice at once, nothing stops it."""

import asyncio

import pytest

from aks_flow.rehearsal.standins.kubernetes.controllers.queue import WorkQueue
from aks_flow.rehearsal.standins.kubernetes.controllers.runtime import Runtime
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from tests.unit.rehearsal.standins.kubernetes.controllers.harness import Loop


@pytest.fixture
def loop():
    made = Loop()
    yield made
    made.close()


def _take_all(loop: Loop, queue: WorkQueue) -> list:
    async def take() -> list:
        keys = []
        while True:
            try:
                async with asyncio.timeout(0.001):
                    keys.append(await queue.get())
            except TimeoutError:
                return keys

    return loop.run_until_complete(take())


def _in(loop: Loop, call, *arguments):
    async def run():
        return call(*arguments)

    return loop.run_until_complete(run())


def test_an_item_that_waits_is_not_added_again(loop):
    queue = WorkQueue()
    for item in ("a", "b", "a"):
        queue.add(item)
    assert _take_all(loop, queue) == ["a", "b"]


def test_an_item_that_was_taken_can_be_added_again(loop):
    queue = WorkQueue()
    queue.add("a")
    assert _take_all(loop, queue) == ["a"]
    queue.add("a")
    assert _take_all(loop, queue) == ["a"]


def test_a_later_delay_replaces_the_earlier_one(loop):
    queue = WorkQueue()
    _in(loop, queue.add_after, "a", 10)
    _in(loop, queue.add_after, "a", 50)
    loop.ahead += 20
    assert _take_all(loop, queue) == []
    loop.ahead += 40
    assert _take_all(loop, queue) == ["a"]


def test_retries_wait_twice_as_long_each_time_up_to_a_limit(loop):
    queue = WorkQueue()
    delays = [_in(loop, queue.retry, "a") for _ in range(16)]
    assert delays[:4] == [0.005, 0.01, 0.02, 0.04]
    assert delays[-1] == 30
    queue.succeeded("a")
    assert _in(loop, queue.retry, "a") == 0.005


class Recording:
    """A controller that notes its keys and does what the test says."""

    name = "recording"

    def __init__(self, react=lambda key: None, keys=lambda change: [change.object["metadata"]["name"]]):
        self.seen, self._react, self._keys = [], react, keys

    def watches(self):
        return {kinds.SECRET: self._keys}

    def reconcile(self, key):
        self.seen.append(key)
        return self._react(key)


def _run(loop: Loop, objects, controllers, turns: int = 50) -> None:
    async def run() -> None:
        task = asyncio.create_task(Runtime(objects, controllers).run())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    loop.run_until_complete(run())


@pytest.fixture
def secrets(objects):
    for name in ("a", "b"):
        objects.create(kinds.SECRET, {"metadata": {"name": name, "namespace": "default"}})
    return objects


def test_everything_that_exists_is_reconciled_at_the_start(loop, secrets):
    controller = Recording()
    _run(loop, secrets, [controller])
    assert controller.seen == ["a", "b"]


def test_a_failure_is_logged_and_the_others_go_on(loop, secrets, caplog):
    def fail_for_a(key):
        if key == "a":
            raise ValueError("broken")

    failing, other = Recording(fail_for_a), Recording()
    _run(loop, secrets, [failing, other])
    assert other.seen == ["a", "b"] and "b" in failing.seen
    assert "recording failed for a, trying again in 0.005 s: broken" in caplog.text


def test_a_controller_that_cannot_read_a_change_stops_nothing(loop, secrets, caplog):
    other = Recording()
    _run(loop, secrets, [Recording(keys=lambda change: change.object["no such"]), other])
    assert other.seen == ["a", "b"]
    assert "cannot tell what a change to a Secret concerns" in caplog.text


def test_a_controller_is_called_again_after_the_time_it_asked_for(loop, secrets):
    controller = Recording(lambda key: 60 if key == "a" and controller.seen.count("a") < 2 else None)

    async def run() -> None:
        task = asyncio.create_task(Runtime(secrets, [controller]).run())
        for _ in range(50):
            await asyncio.sleep(0)
        loop.ahead += 61
        for _ in range(50):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    loop.run_until_complete(run())
    assert controller.seen == ["a", "b", "a"]
