"""Waits before restarts: how long they are, and what a pod's status shows meanwhile."""

import pytest

from aks_flow.rehearsal.standins.kubernetes.kubelet.backoff import RestartBackoff, shown_after


def test_the_first_restart_is_at_once_and_each_later_one_waits_twice_as_long():
    backoff = RestartBackoff()
    assert [backoff.after_run(1) for _ in range(8)] == [0, 10, 20, 40, 80, 160, 300, 300]
    assert backoff.after_run(600) == 0, "ten minutes of running are forgiven"


@pytest.mark.parametrize(
    ("wait", "to_probe", "seconds"),
    [
        (10, None, 9.8),  # nothing makes the kubelet look before the restart
        (20, 1, 1),  # recorded: "CrashLoopBackOff 2 (6s ago)", with a probe every second
        (10, 60, 9.8),
        (0.1, None, 0),
        (0.1, 5, 0),
    ],
)
def test_a_wait_is_shown_when_the_kubelet_looks_again(wait, to_probe, seconds):
    assert shown_after(wait, to_probe) == pytest.approx(seconds)
