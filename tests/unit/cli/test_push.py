"""What the tasks of the push path say at their end."""

import pytest

from aks_flow.cli.push import deploy_task, lock_task, run_task
from aks_flow.core.errors import AksFlowError
from aks_flow.push.outcome import PushOutcome
from aks_flow.report import push
from tests.task_context import GivenTask
from tests.unit.conftest import ROOT
from tests.unit.push.test_roll_out import IMAGE


def outcome(**end) -> PushOutcome:
    return PushOutcome("dev", IMAGE, built=False, changed=True, served={}, url="http://127.0.0.1", **end)


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ({}, "dev now runs 1.5.0-alpha.2 (sha256:aaaaaaaaaaaa), http://127.0.0.1"),
        (
            {"superseded_by": "1.5.0-alpha.3"},
            "dev is unchanged: 1.5.0-alpha.2 is superseded by 1.5.0-alpha.3",
        ),
        (
            {"waits": True},
            "dev serves 1.5.0-alpha.2 from its green; the old version waits until `./inv push.promote` or "
            "`./inv push.reject`",
        ),
    ],
)
def test_the_last_line_says_what_became_of_the_environment(capsys, end, said):
    push.show_outcome(outcome(**end), [], as_json=False)
    assert capsys.readouterr().out == f"{said}\n"


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_lock_needs_a_reason_before_anything_is_asked(settings, reason):
    task = GivenTask(ROOT, settings)
    with pytest.raises(AksFlowError, match="a lock needs a reason. Say why"):
        lock_task(task, "dev", reason)


def test_a_deployment_of_no_version_builds_nothing_instead():
    with pytest.raises(AksFlowError, match="there is no version to deploy. Name one"):
        deploy_task(None, version="", env="dev", digest="", undo=True, strategy="rolling", json=False)


@pytest.mark.parametrize(
    ("task", "arguments"),
    [
        (run_task, {"version": "", "digest": "", "dirty": False, "undo": True}),
        (deploy_task, {"version": "1.0.0", "digest": "", "undo": True}),
    ],
)
def test_an_unknown_strategy_is_one_sentence_before_anything_is_asked(task, arguments):
    with pytest.raises(AksFlowError, match="there is no strategy 'green'"):
        task(None, env="dev", strategy="green", json=False, **arguments)
