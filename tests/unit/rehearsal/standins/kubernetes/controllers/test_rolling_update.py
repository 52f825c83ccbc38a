"""The arithmetic of a rolling update: cases, and what must hold for every Deployment."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aks_flow.rehearsal.standins.kubernetes.controllers.deployment import rolling, scaling
from aks_flow.rehearsal.standins.kubernetes.controllers.deployment.rolling import SizedReplicaSet
from aks_flow.rehearsal.standins.kubernetes.controllers.deployment.strategy import (
    ReplicaTarget,
    share,
    target,
)

CASES = yaml.safe_load((Path(__file__).parent / "rolling_update.yaml").read_text())


def _sized(name: str, facts: dict) -> SizedReplicaSet:
    return SizedReplicaSet(name=name, **({"created": name} | facts))


@pytest.mark.parametrize("case", CASES["steps"], ids=lambda case: case["name"])
def test_the_next_step_of_a_rolling_update_is(case):
    goal = ReplicaTarget(case["replicas"], case["surge"], case["unavailable"])
    old = [_sized(name, facts) for name, facts in case.get("old", {}).items()]
    assert rolling.next_sizes(goal, _sized("new", case["new"]), old) == case["then"]


@pytest.mark.parametrize("case", CASES["scalings"], ids=lambda case: case["name"])
def test_scaling_during_a_rollout_gives(case):
    goal = ReplicaTarget(case["replicas"], case["surge"])
    old = [_sized(name, facts) for name, facts in case.get("old", {}).items()]
    new = _sized("new", case["new"]) if "new" in case else None
    assert scaling.scaled_sizes(goal, new, old, proportional=True) == case["then"]


@pytest.mark.parametrize("case", CASES["bounds"], ids=str)
def test_percentages_round_surge_up_and_unavailable_down(case):
    rolling_update = {"maxSurge": case["maxSurge"], "maxUnavailable": case["maxUnavailable"]}
    spec = {
        "replicas": case["replicas"],
        "strategy": {"type": "RollingUpdate", "rollingUpdate": rolling_update},
    }
    assert target(spec) == ReplicaTarget(case["replicas"], case["surge"], case["unavailable"])


class Rollout:
    """Replica sets whose pods become available, or die, as the test chooses."""

    def __init__(self, goal: ReplicaTarget, new: SizedReplicaSet, old: list[SizedReplicaSet]):
        self.goal, self.new, self.old = goal, new, old

    @property
    def available(self) -> int:
        return self.new.available + sum(replica_set.available for replica_set in self.old)

    @property
    def size(self) -> int:
        return self.new.size + rolling.total(self.old)

    def step(self) -> bool:
        """Apply the decider's step; the unavailable pods of a set go before its available ones."""
        sizes = rolling.next_sizes(self.goal, self.new, self.old)
        self.new, *self.old = (
            _resized(replica_set, sizes.get(replica_set.name)) for replica_set in (self.new, *self.old)
        )
        return bool(sizes)

    def make_available(self, count: int) -> None:
        self.new = replace(self.new, available=min(self.new.size, self.new.available + count))

    @property
    def is_done(self) -> bool:
        return self.new.available == self.new.size == self.goal.replicas and not rolling.total(self.old)


def _resized(replica_set: SizedReplicaSet, size: int | None) -> SizedReplicaSet:
    return (
        replica_set
        if size is None
        else replace(replica_set, size=size, available=min(replica_set.available, size))
    )


@st.composite
def rollouts(draw) -> Rollout:
    replicas = draw(st.integers(0, 12))
    surge, unavailable = draw(st.integers(0, 5)), draw(st.integers(0, 5))
    goal = ReplicaTarget(
        replicas, surge, min(unavailable, replicas) if surge or unavailable else min(1, replicas)
    )
    room, old = goal.ceiling if replicas else 0, []
    for index in range(draw(st.integers(0, 3))):
        size = draw(st.integers(0, room))
        room -= size
        old.append(SizedReplicaSet(f"old-{index}", f"old-{index}", size, draw(st.integers(0, size))))
    return Rollout(goal, SizedReplicaSet("new", "new", 0), old)


@given(rollouts(), st.data())
def test_a_rollout_keeps_its_bounds_and_ends_when_pods_become_available(rollout, data):
    floor = min(rollout.goal.floor, rollout.available)
    for _ in range(200):
        while rollout.step():
            assert rollout.size <= rollout.goal.ceiling
            assert rollout.available >= floor
        if rollout.is_done:
            return
        rollout.make_available(data.draw(st.integers(1, 4)))
        floor = min(rollout.goal.floor, max(floor, rollout.available))
    raise AssertionError(f"no end: {rollout.new}, {rollout.old}")


@given(rollouts())
def test_a_rollout_whose_pods_never_become_available_comes_to_rest_above_the_floor(rollout):
    floor = min(rollout.goal.floor, rollout.available)
    steps = sum(1 for _ in iter(rollout.step, False))
    assert steps <= 4
    assert rollout.available >= floor


@given(st.integers(0, 10), st.integers(0, 4), st.lists(st.integers(0, 6), max_size=4), st.integers(0, 3))
def test_proportional_scaling_uses_the_ceiling_exactly(replicas, surge, sizes, spare):
    goal, ceiling = ReplicaTarget(replicas, surge), sum(sizes) + 3 + spare
    old = [
        SizedReplicaSet(f"old-{index}", str(index), size, 0, 1, ceiling) for index, size in enumerate(sizes)
    ]
    new = SizedReplicaSet("new", "9", 3, 0, 1, ceiling)
    after = {replica_set.name: replica_set.size for replica_set in (*old, new)} | scaling.scaled_sizes(
        goal, new, old, True
    )
    alone = not any(sizes)
    assert all(size >= 0 for size in after.values())
    assert sum(after.values()) == (goal.ceiling if replicas and not alone else replicas)


@given(st.integers(0, 1000), st.integers(0, 200))
def test_a_share_is_exact_to_less_than_one_pod(total, percent):
    exact = total * percent / 100
    assert exact <= share(f"{percent}%", total, round_up=True) < exact + 1
    assert exact - 1 < share(f"{percent}%", total, round_up=False) <= exact
