"""All schedules of two and three runs that want one lock, up to a number of steps: never two that write.

A step is a look, a change, a sign of life or the giving back of one run; some seconds that pass for all, in
which whoever takes no step is paused; a label put on the Lease; a request or an answer that is lost. The wall
clock stands still, or is set back. States that differ in nothing that counts are explored once.
"""

import copy
import datetime
import json
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import pytest

from aks_flow.core.command import Result
from aks_flow.core.errors import AksFlowError
from aks_flow.push.lock import holder, lease, queue
from aks_flow.push.lock.errors import LockLost
from aks_flow.push.lock.holder import LeaseLock
from aks_flow.push.lock.lease import SECONDS, Holder
from aks_flow.push.lock.queue import Waiter
from aks_flow.tools.kubectl import Kubectl
from tests.conftest import FIGURE
from tests.unit.push.lock.server import Server

BOUND = lease.heartbeat(SECONDS)  # seconds that a change may take to reach the server, as the docs say
WAITING, HOLDING, GONE = "waiting", "holding", "gone"
LONG = 2 * SECONDS  # after which no more seconds count
SILENCE = Result(1, b"", b"Unable to connect to the server: i/o timeout\n")
# steps that are explored: with two runs, with three
DEPTHS = {2: 8, 3: 5}


@dataclass
class Losing(Server):
    """``lost``: what is lost of the next write, the request or the answer."""

    lost: str = ""

    def _store(self, command):
        lost, self.lost = self.lost, ""
        if lost == "request":
            return SILENCE
        stored = super()._store(command)
        return SILENCE if lost else stored


@dataclass
class Run:
    lock: LeaseLock
    waiter: Waiter
    state: str = WAITING
    changed: float = -1000.0  # when it last was sure enough of its lock to change something


@dataclass
class World:
    runs: list[Run]
    server: Losing
    now: float = 1000.0
    wall: float = 0.0
    path: tuple[str, ...] = field(default=())

    def clone(self) -> "World":
        server = copy.copy(self.server)
        server.lease, server.ran = copy.deepcopy(self.server.lease), []
        runs = [copy.copy(run) for run in self.runs]
        for run in runs:
            run.lock, run.waiter = copy.copy(run.lock), copy.copy(run.waiter)
            run.lock._run, run.waiter._lock = server, run.lock
        return World(runs, server, self.now, self.wall, self.path)

    @property
    def key(self) -> tuple:
        stored = lease.parse(json.dumps(self.server.lease)) if self.server.lease else None
        beat = stored.beat if stored else None
        return (
            *(self.server.holder, self.server.lost, bool(stored)),
            *(
                (
                    *(run.state, bool(run.lock._lost), self._age(run.lock._alive), self._age(run.changed)),
                    *(self._age(run.waiter._since), run.waiter._beat == beat),
                    bool(stored and run.lock._lease and run.lock._lease.version == stored.version),
                )
                for run in self.runs
            ),
        )

    def _age(self, moment: float) -> float:
        return round(min(self.now - moment, LONG), 3)


current: World


class Wall(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.fromtimestamp(1_700_000_000 + current.wall, tz)


@pytest.fixture(autouse=True)
def model_time(monkeypatch):
    monkeypatch.setattr(holder, "clock", lambda: current.now)
    monkeypatch.setattr(queue, "clock", lambda: current.now)
    monkeypatch.setattr(holder, "datetime", Wall)


def steps(world: World) -> list[str]:
    """What can happen next."""
    possible = ["pass 4", "pass 7", "touch", "lose request", "lose answer", "set the clock back"]
    for number, run in enumerate(world.runs):
        if run.state == WAITING:
            possible.append(f"look {number}")
        if run.state == HOLDING:
            possible += [f"change {number}", f"renew {number}", f"give back {number}"]
    return possible


def take(world: World, step: str) -> None:
    """Let it happen; an AssertionError if two may write."""
    what, _, about = step.rpartition(" ")
    if what == "pass":
        world.now += float(about)
    elif step == "touch":
        if world.server.lease:
            world.server.touch()
    elif what == "lose":
        world.server.lost = about
    elif step == "set the clock back":
        world.wall -= 3600
    else:
        ACTIONS[what](world, world.runs[int(about)])


@contextmanager
def ended_by_errors(run: Run):
    try:
        yield
    except AksFlowError:
        run.lock.release()
        run.state = GONE


def look(world: World, run: Run) -> None:
    with ended_by_errors(run):
        if run.waiter._try():
            run.state = HOLDING
            for other in world.runs:
                assert other is run or world.now - other.changed >= BOUND, "two may write"


def change(world: World, run: Run) -> None:
    try:
        run.lock.check()
    except LockLost as lost:
        run.state = run.state if lost.unanswered else GONE
        return
    except AksFlowError:
        return
    run.changed = world.now
    for other in world.runs:
        assert other is run or world.now - other.changed >= BOUND, "two may write"


def renew(world: World, run: Run) -> None:
    with suppress(AksFlowError):
        run.lock.renew()


def give_back(world: World, run: Run) -> None:
    run.lock.release()
    run.state, run.changed = GONE, -1000.0


ACTIONS = {"look": look, "change": change, "renew": renew, "give back": give_back}


def begin(count: int) -> World:
    global current
    server = Losing()
    current = World([], server)
    for number in range(count):
        lock = LeaseLock(server, Kubectl(namespace="vote-dev"), "dev", Holder(f"run{number}", "ann"))
        current.runs.append(Run(lock, Waiter(lock, lambda text: None)))
    return current


def explore(count: int, depth: int) -> int:
    """All schedules of so many steps; how many differ."""
    global current
    front, seen, number = [begin(count)], set(), 0
    for _ in range(depth):
        following = []
        for world in front:
            for step in steps(world):
                current = world.clone()
                current.path = (*world.path, step)
                try:
                    take(current, step)
                except AssertionError as error:
                    raise AssertionError(f"{error}: {', '.join(current.path)}") from None
                number += 1
                if current.key not in seen:
                    seen.add(current.key)
                    following.append(current)
        front = following
    return number


@pytest.mark.parametrize("count", DEPTHS)
def test_of_several_runs_never_two_change_something_within_the_bound(count, record_property):
    number = explore(count, DEPTHS[count])
    record_property(FIGURE, f"lock: {number} steps of schedules of {count} runs explored")
    assert number > 1000


TOUCHED = "look 0, touch, look 1, pass 7, renew 0, pass 4, pass 4, change 0, look 1"


def test_a_touched_lease_is_no_sign_of_life():
    global current
    current = begin(2)
    for step in TOUCHED.split(", "):
        take(current, step)


def test_signs_of_life_differ_though_the_clock_is_set_back():
    now = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    taken = lease.taken(None, Holder("a", "ann"), now)
    beats = [taken.beat]
    for moment in (now, now - datetime.timedelta(hours=1), now):
        taken = lease.renewed(taken, moment)
        beats.append(taken.beat)
    assert len(set(beats)) == len(beats)
