"""The cluster under test answers kubectl as the recorded standard cluster did."""

import os
from dataclasses import replace

import pytest

from tests.conftest import FIGURE
from tests.e2e.conformance import exchanges, steps
from tests.e2e.conformance.compare import differences, without_announcements
from tests.e2e.conformance.normal import Normaliser
from tests.e2e.conformance.replay import Replay
from tests.e2e.conformance.score import Score
from tests.e2e.conformance.steps import Step
from tests.e2e.conftest import KUBECONFIG


def cases() -> list:
    reasons = {} if os.environ.get(KUBECONFIG) else steps.accepted()
    return [pytest.param(step, id=step.name, marks=marks(reasons.get(step.name))) for step in steps.load()]


def marks(reason: str | None) -> tuple:
    return (pytest.mark.xfail(reason=reason, raises=AssertionError, strict=True),) if reason else ()


@pytest.mark.parametrize("step", cases())
def test_kubectl_is_answered_as_recorded(
    step: Step, replay: Replay, live: Normaliser, score: Score, record_property
):
    answer = replay.step(step)
    if not os.environ.get(KUBECONFIG):
        answer = without_announcements(step, answer)
    ours, theirs = (replace(names, ignore=step.ignore) for names in (Normaliser(), live))
    found = differences(step, answer, ours, theirs)
    alike = exchanges.alike(step.http, answer.http, ours, theirs)
    score.count(not found, alike, len(step.http))
    record_property(FIGURE, str(score))
    found += alike.faults
    assert not found, "\n".join([step.command, *found])
