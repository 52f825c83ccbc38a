"""Waiting, against a cluster whose every answer is scripted; ancestry comes from a real branch."""

import json
import random
from dataclasses import replace

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.gitops.branch.branch import open_branch
from aks_flow.gitops.deliver import deliver
from aks_flow.gitops.undo import undo
from aks_flow.gitops.wait import trouble
from aks_flow.gitops.wait.arrival import Untried, wait_for_arrival
from aks_flow.rollout import app_version
from aks_flow.rollout.watch import poll
from aks_flow.rollout.watch.failure import BadVerdict
from tests.e2e.gitops.argo import Scripted
from tests.e2e.gitops.world import World, copy
from tests.e2e.scale import choose
from tests.unit.gitops.objects import application, deployment, digest, namespace, pod, replica_set

OLD, NEW = (
    ImageRef("localhost:5050", "front", f"0.1.0-alpha.{n}", digest(f"front:0.1.0-alpha.{n}")) for n in (1, 2)
)
RUNS = choose(short=16, full=50)


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(poll, "PAUSE", 0.001)


def deliver_three(world: World) -> list[str]:
    """The branch's commits for alpha.1 and alpha.2 in dev, and one for staging on top."""
    commits = []
    for environment, version in (("dev", OLD.tag), ("dev", NEW.tag), ("staging", "0.1.0-rc.1")):
        world.publish(version)
        commits.append(deliver(world.context, environment, version).commit)
    return commits


@pytest.fixture(scope="module")
def three(template) -> tuple[World, list[str]]:
    return template(deliver_three)


@pytest.fixture
def world(three, tmp_path) -> World:
    return copy(three[0], tmp_path)


@pytest.fixture
def commits(three) -> list[str]:
    return three[1]


def event(**facts) -> dict:
    return {"kind": "Event", "metadata": {"name": "an-event"}, **facts}


def watch(world, moments, **more):
    """Arrive in a world whose cluster shows these moments."""
    world.run = Scripted(moments, **more)
    told = []
    return wait_for_arrival(world.context, "dev", "", told.append), told


def false_starts(old: str, new: str) -> list:
    """Moments at which a careless wait would pass, or give up."""
    other = [deployment(NEW, available=1), pod("front-1", NEW), pod("front-0", OLD)]
    return [
        (application(old), namespace(OLD)),
        (application(old), namespace(NEW)),
        (application(old, health="Degraded"), namespace(OLD)),
        (application(old, phase="Failed"), namespace(OLD)),
        (application(new, "OutOfSync"), namespace(OLD)),
        (application(new), namespace(OLD)),
        (application(new, phase="Running"), namespace(NEW)),
        (application(new, phase="Failed"), namespace(NEW)),
        (application(new), namespace(NEW, generation=9)),
        (application(new), other),
        (application(new), [deployment(NEW), pod("front-1", NEW), pod("front-0", OLD)]),
        (application(new), [deployment(NEW)]),
        (application(new, health="Progressing"), namespace(NEW)),
        (application(new, health="Degraded"), namespace(NEW)),
        (application(new, "Unknown"), namespace(NEW)),
        (application(""), []),
    ]


def test_waits_that_start_on_the_old_revision_synced_and_healthy_never_pass_falsely(world, commits):
    old, new, later = commits
    chance = random.Random(7)
    for run in range(RUNS):
        settled = (application(chance.choice([new, later])), namespace(NEW))
        early = false_starts(old, chance.choice([new, later]))
        moments = [
            (application(old), namespace(OLD)),
            *chance.choices(early, k=chance.randint(0, 12)),
            settled,
        ]
        arrived, told = watch(world, moments)
        assert (world.run.at, arrived.commit) == (len(moments) - 1, new), f"run {run}"
        assert told and len(world.run.refreshes) == 1


def test_what_is_there_already_is_seen_at_once_and_nothing_is_asked_for(world, commits):
    arrived, told = watch(world, [(application(commits[1]), namespace(NEW))])
    assert (told, world.run.at, world.run.refreshes) == ([], 0, [])
    assert str(arrived).startswith(f"dev: runs 0.1.0-alpha.2 ({NEW.digest[:19]}), commit {commits[1][:12]}")


def test_argo_cd_behind_is_asked_by_annotation_to_look_again(world, commits):
    old, new, _ = commits
    _, told = watch(world, [(application(old), namespace(OLD)), (application(new), namespace(NEW))])
    assert told == [f"dev: waiting for Argo CD to see commit {new[:12]} (it is at {old[:12]})"]
    assert world.run.refreshes == [
        "annotate applications.argoproj.io vote-dev argocd.argoproj.io/refresh=normal"
    ]


def test_an_older_commit_with_the_same_pin_is_not_the_goal(world, commits):
    undo(world.context, "dev")
    tip = world.tip()
    arrived, _ = watch(world, [(application(commits[0]), namespace(OLD)), (application(tip), namespace(OLD))])
    assert (arrived.commit, world.run.at) == (tip, 1)


def test_a_newer_version_on_the_branch_supersedes_the_goal(world, commits):
    world.publish("0.1.0-alpha.3")
    later = deliver(world.context, "dev", "0.1.0-alpha.3").commit
    world.run = Scripted([(application(later), namespace(OLD))])
    found = wait_for_arrival(world.context, "dev", commits[1], lambda text: None)
    assert str(found) == "dev: superseded by 0.1.0-alpha.3"


def test_a_commit_that_was_undone_meanwhile_is_a_failure(world, commits):
    undone = undo(world.context, "dev").commit
    world.run = Scripted([(application(undone), namespace(OLD))])
    with pytest.raises(BadVerdict, match="dev was taken back from 0.1.0-alpha.2 to 0.1.0-alpha.1") as bad:
        wait_for_arrival(world.context, "dev", commits[1], lambda text: None)
    assert bad.value.reason == "superseded"


def test_a_failure_has_the_reason_the_evidence_and_the_exit_code_of_a_push(world, commits):
    missing = {"reason": "ErrImagePull", "message": "code = NotFound: front: not found"}
    items = [deployment(NEW, available=0), replica_set(NEW), pod("front-1", NEW, False, missing)]
    said = {"reason": "Failed", "message": "Failed to pull image", "involvedObject": {"uid": "front-1"}}
    words = {"get events": json.dumps({"kind": "List", "items": [event(**said)]})}
    with pytest.raises(BadVerdict) as failed:
        watch(world, [(application(commits[1], health="Degraded"), items)], words=words)
    assert (failed.value.reason, failed.value.exit_code) == ("image-not-found", 10)
    assert str(failed.value).splitlines() == [
        "dev is bad: image-not-found",
        "    deployment/front: image-not-found: code = NotFound: front: not found",
        "        front-1, front",
        "            event: Failed: Failed to pull image",
        "`./inv gitops.undo dev` takes it back and holds it.",
    ]


def test_an_app_that_tells_another_version_is_bad(world, commits, monkeypatch):
    monkeypatch.setattr(app_version, "WITHIN", 0.1)
    wrong = r"GET /version through service/front port http: version 0.0.9 \(wanted 0.1.0-alpha.2\)"
    with pytest.raises(BadVerdict, match=wrong) as failed:
        watch(world, [(application(commits[1]), namespace(NEW))], words={"version": "0.0.9"})
    assert failed.value.reason == "smoke-failed" and "`./inv gitops.undo dev`" in failed.value.next_step


def test_pods_that_run_another_build_of_the_version_are_bad(world, commits):
    items = [deployment(NEW), replica_set(NEW), pod("front-1", NEW), pod("front-2", NEW)]
    rebuilt = NEW.with_tag(NEW.tag, digest("another"))
    items[-1]["spec"]["containers"][0]["image"] = str(rebuilt)
    with pytest.raises(BadVerdict, match=f"front of front-2 runs {rebuilt}, not {NEW.digest}") as failed:
        watch(world, [(application(commits[1]), items)])
    assert failed.value.reason == "superseded"


SCALER = {
    "kind": "HorizontalPodAutoscaler",
    "metadata": {"name": "front"},
    "status": {
        "conditions": [{"type": "ScalingActive", "status": "False", "reason": "NoMetric", "message": "none"}]
    },
}
RESOURCES = "get deployment.apps/front service/front"


def v3(item: dict) -> dict:
    """An Application as Argo CD v3 writes it: without its resources' health."""
    for resource in item["status"]["resources"]:
        resource.pop("health", None)
        resource |= {"group": "apps"} if resource["kind"] == "Deployment" else {}
    return item


def test_an_autoscaler_without_metrics_yet_is_waited_for(world, commits):
    degraded = (v3(application(commits[1], health="Degraded")), namespace(NEW))
    well = (v3(application(commits[1])), namespace(NEW))
    arrived, told = watch(world, [degraded, degraded, well], words={RESOURCES: json.dumps(SCALER)})
    assert arrived.commit == commits[1]
    assert told == [
        "dev: waiting for health (Degraded: HorizontalPodAutoscaler/front: NoMetric: none)",
    ]


def test_what_argo_cd_alone_finds_degraded_is_bad_at_the_deadline(world, commits):
    degraded = v3(application(commits[1], health="Degraded"))
    world.run = Scripted([(degraded, namespace(NEW))], words={RESOURCES: json.dumps(SCALER)})
    context = replace(world.context, config=replace(world.config, deadline=3))
    with pytest.raises(BadVerdict, match="Degraded: HorizontalPodAutoscaler/front: NoMetric") as failed:
        wait_for_arrival(context, "dev", "", lambda text: None)
    assert failed.value.reason == "never-ready"


def test_a_sync_that_fails_has_the_reason_of_a_push_that_is_refused(world, commits, monkeypatch):
    monkeypatch.setattr(trouble, "GRACE", 0)
    refused = application(commits[1], "OutOfSync", phase="Failed", message="field is immutable")
    with pytest.raises(BadVerdict, match="apply-failed: the sync failed: field is immutable") as failed:
        watch(world, [(refused, namespace(OLD))])
    assert failed.value.exit_code == 20
    assert "`./inv gitops.sync dev` has it tried again" in failed.value.next_step


def test_a_sync_that_could_not_be_carried_out_says_nothing_of_the_commit(world, commits, monkeypatch):
    monkeypatch.setattr(trouble, "GRACE", 0)
    away = application(commits[1], "OutOfSync", phase="Error", message="connection refused")
    with pytest.raises(AksFlowError, match="dev fails with 0.1.0-alpha.2: the sync failed: conn") as failed:
        watch(world, [(away, namespace(OLD))])
    assert not isinstance(failed.value, BadVerdict)


def test_a_repository_that_argo_cd_may_not_read_is_a_sentence(world, commits, monkeypatch):
    monkeypatch.setattr(trouble, "GRACE", 0)
    said = [{"type": "ComparisonError", "message": "failed to list refs: authentication required"}]
    unread = application("", "Unknown", conditions=said)
    with pytest.raises(AksFlowError, match="Argo CD cannot read gitops of its repository: ComparisonErr"):
        watch(world, [(unread, namespace(OLD))])


def test_a_trouble_lasts_while_argo_cd_is_asked_to_look_again_and_again(world, commits, monkeypatch):
    monkeypatch.setattr(trouble, "GRACE", 0.05)
    said = [{"type": "ComparisonError", "message": "failed to list refs: authentication required"}]
    unread = application("", "Unknown", conditions=said)
    refreshing = {"argocd.argoproj.io/refresh": "normal"}
    looking = application("", "Unknown", conditions=said, annotations=refreshing)
    world.run = Scripted([(item, namespace(OLD)) for item in (unread, looking) * 10_000])
    context = replace(world.context, config=replace(world.config, deadline=3))
    with pytest.raises(AksFlowError, match="Argo CD cannot read gitops of its repository"):
        wait_for_arrival(context, "dev", "", lambda text: None)


def test_the_errors_of_the_commit_before_do_not_fail_the_new_one(world, commits, monkeypatch):
    monkeypatch.setattr(trouble, "GRACE", 0)
    said = [{"type": "SyncError", "message": f"Failed last sync attempt to [{commits[0]}]: no"}]
    before = application(commits[0], "OutOfSync", phase="Failed", conditions=said)
    after = application(commits[1], "OutOfSync", phase="Running", conditions=said)
    well = (application(commits[1]), namespace(NEW))
    arrived, _ = watch(world, [(before, namespace(OLD)), (after, namespace(OLD)), well])
    assert arrived.commit == commits[1]


def test_at_the_deadline_it_says_what_it_still_waits_for(world, commits):
    world.run = Scripted([(application(commits[0]), namespace(OLD))])
    context = replace(world.context, config=replace(world.config, deadline=0))
    with pytest.raises(Untried, match="after 0 s it still waits for Argo CD to see commit") as late:
        wait_for_arrival(context, "dev", "", lambda text: None)
    assert late.value.reason == "deadline" and "left as it is, good or bad" in late.value.next_step


def test_a_sync_that_has_begun_is_a_try(world, commits):
    """Its first wave never gets well, for example."""
    world.run = Scripted([(application(commits[1], "OutOfSync", phase="Running"), namespace(OLD))])
    context = replace(world.context, config=replace(world.config, deadline=0))
    with pytest.raises(BadVerdict, match="after 0 s it still waits for the sync") as late:
        wait_for_arrival(context, "dev", "", lambda text: None)
    assert not isinstance(late.value, Untried)


def test_a_node_that_is_being_added_puts_the_deadline_off(world, commits):
    no_room = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "no room"}
    waits = pod("front-1", NEW, False)
    waits["status"] |= {"phase": "Pending", "conditions": [no_room]}
    adds = event(reason="TriggeredScaleUp", message="pod triggered scale-up: 1->2")
    adds["involvedObject"] = {"kind": "Pod", "uid": "front-1"}
    waiting = [deployment(NEW, available=0), replica_set(NEW), waits, adds]
    progressing = (application(commits[1], health="Progressing"), waiting)
    world.run = Scripted([*[progressing] * 1000, (application(commits[1]), namespace(NEW))])
    context = replace(world.context, config=replace(world.config, deadline=1))
    arrived = wait_for_arrival(context, "dev", "", lambda text: None)
    assert arrived.commit == commits[1] and arrived.seconds > 1


def test_a_revision_that_is_not_on_the_branch_is_refused(world, commits):
    for wrong in ("develop", "0" * 40, "--all", "no such"):
        with pytest.raises(AksFlowError, match="is no commit of the branch"):
            wait_for_arrival(world.context, "dev", wrong, lambda text: None)


def test_a_missing_application_names_the_task_that_makes_it(world, commits):
    class Empty(Scripted):
        def _answer(self, words):
            return ""

    world.run = Empty([])
    with pytest.raises(AksFlowError, match=r"there is no Application vote-dev.*argocd\.apply"):
        wait_for_arrival(world.context, "dev", "", lambda text: None)


def test_the_branch_in_a_shallow_clone_gives_its_ancestry_too(world, commits):
    world.commit("Second")
    other = world.cloned("shallow", "--depth=1")
    arrived, _ = watch(
        other, [(application(commits[0]), namespace(OLD)), (application(commits[2]), namespace(NEW))]
    )
    assert arrived.commit == commits[1]
    assert open_branch(other.run, other.config, history=True).depth > 1
