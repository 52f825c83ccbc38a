"""What people changed, beside a bad verdict: it may be to blame, and never keeps one from its end."""

import json
from dataclasses import replace

import pytest

from aks_flow.core.command import Result
from aks_flow.push.history.auto_rollback import with_foreign_fields
from aks_flow.rollout.watch.failure import BadVerdict, RolloutFinding
from aks_flow.tools.kubectl import resources
from tests.unit.push.fields.test_fields import ITEM, delivered, scale, set_env
from tests.unit.push.test_roll_out import PRESENT, delivery, plan

CRASH = RolloutFinding("crash-loop", "deployment/web", "3 times", notes=("known",))
OTHER = RolloutFinding("never-ready", "deployment/b", "")
BAD = BadVerdict("dev", (CRASH, OTHER), "Do that.")


def judged(config, live, bad=BAD) -> tuple[BadVerdict, list[str]]:
    context = delivery(config, {PRESENT: live})
    wanted = replace(plan(), manifest=resources.documents([ITEM]))
    return with_foreign_fields(context, wanted, bad), context.run.lines


def test_what_people_set_is_noted_on_the_finding_that_explains_the_others(config):
    by_hand = delivered().changed(set_env, "kubectl-set").changed(scale, "kube-controller-manager", "scale")
    seen, _ = judged(config, json.dumps(by_hand.live))
    known, note = seen.findings[0].notes
    assert known == "known" and note.startswith("changed by hand: deployment.apps/web: kubectl-set set .spec")
    assert note in str(seen).replace("\n    ", " ") and seen.findings[1] == OTHER
    assert (seen.reason, seen.next_step) == ("crash-loop", "Do that.")


@pytest.mark.parametrize("live", [json.dumps(delivered().live), "", Result(1, b"", b"Forbidden")])
def test_where_nobody_has_changed_anything_or_that_cannot_be_read_the_verdict_is_as_it_was(config, live):
    assert judged(config, live)[0] is BAD


def test_a_cluster_that_gives_no_answer_is_not_asked(config):
    silent = BadVerdict("dev", (RolloutFinding("no-answer", "the cluster", ""),))
    assert judged(config, "", silent) == (silent, [])
