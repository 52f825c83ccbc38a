"""The cluster's time, which goes on evenly whatever happens to the system clock."""

import time
from datetime import datetime, timedelta

import pytest

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import DEPLOYMENT
from tests.unit.rehearsal.standins.kubernetes.controllers.harness import Cluster, deployment, set_image

HOUR = 3600


def set_system_clock(monkeypatch, seconds: int) -> None:
    """Every way to ask for the wall clock's time answers with a step."""
    real = time.time

    class Stepped(datetime):
        @classmethod
        def now(cls, tz=None):
            return super().now(tz) + timedelta(seconds=seconds)

    monkeypatch.setattr(time, "time", lambda: real() + seconds)
    monkeypatch.setattr(times, "datetime", Stepped)


@pytest.mark.parametrize("step", [HOUR, -HOUR])
def test_a_system_clock_that_is_set_does_not_set_the_clusters(monkeypatch, step):
    before = times.now()
    set_system_clock(monkeypatch, step)
    assert (times.now() - before).total_seconds() == pytest.approx(0, abs=2)
    assert times.stepped() == pytest.approx(step, abs=2)


@pytest.mark.parametrize("step", [HOUR, -HOUR])
def test_a_rollout_that_began_before_the_step_ends_after_it(monkeypatch, step):
    cluster = Cluster()
    try:
        cluster.settle()
        cluster.create(DEPLOYMENT, "web", spec=deployment(progressDeadlineSeconds=60, minReadySeconds=10))
        cluster.modify(DEPLOYMENT, "web", set_image("v2"))
        set_system_clock(monkeypatch, step)
        for _ in range(6):
            cluster.pass_time(10)
        assert cluster.conditions(DEPLOYMENT, "web")["Progressing"] == ("True", "NewReplicaSetAvailable")
        assert cluster.images() == ["v2", "v2"]
    finally:
        cluster.close()


def test_a_stamp_of_another_clock_never_puts_a_wait_off():
    assert times.seconds_left("2999-01-01T00:00:00Z", most=30) == 30
    assert times.seconds_left("2001-01-01T00:00:00Z", most=30) < 0
