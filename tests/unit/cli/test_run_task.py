"""How a task ends that fails or is stopped: one sentence, and no evidence is lost."""

import pytest
from invoke import Exit

from aks_flow.cli.run_task import _failures_shown
from aks_flow.core.errors import AksFlowError
from aks_flow.rollout.watch.failure import BadVerdict, RolloutFinding

CRASH = BadVerdict("dev", (RolloutFinding("crash-loop", "deployment/web", "3 times"),))


def stopped_on_the_way_back() -> None:
    """Ctrl-C while what was bad is undone, and that has its own trouble."""
    try:
        raise CRASH
    except BadVerdict:
        try:
            raise AksFlowError("the cluster does not answer", next_step="Start it.")
        except AksFlowError as error:
            raise KeyboardInterrupt from error


def stopped() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(("end", "evidence"), [(stopped_on_the_way_back, True), (stopped, False)])
def test_a_stop_keeps_the_evidence_of_what_was_being_undone(capsys, end, evidence):
    with pytest.raises(Exit) as ended, _failures_shown("cluster"):
        end()
    shown = capsys.readouterr().err
    assert ended.value.code == 130 and "stopped: the last step" in shown
    assert ("deployment/web: crash-loop: 3 times" in shown) == evidence
