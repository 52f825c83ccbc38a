"""Has it arrived? From facts alone."""

import time
from dataclasses import replace

import pytest

from aks_flow.core.image_ref import ImageRef
from aks_flow.gitops.wait import running
from aks_flow.gitops.wait.awaited_commit import AwaitedCommit
from aks_flow.gitops.wait.lineage import BEHIND, REACHED, REPLACED, Lineage
from aks_flow.gitops.wait.trouble import ArgoTrouble
from aks_flow.gitops.wait.verdict import ArrivalFacts, judge, synced_part
from aks_flow.gitops.wait.watch import named_by
from aks_flow.rollout.verdict.goal import GoalTarget, RolloutGoal
from aks_flow.rollout.verdict.objects import NamespaceObjects
from aks_flow.rollout.watch.watch import Judge
from aks_flow.tools import argocd
from tests.unit.gitops.objects import application, deployment, digest, namespace, pod, replica_set, stateful

OLD = ImageRef("localhost:5050", "front", "1.4.0", digest("old"))
NEW = ImageRef("localhost:5050", "front", "1.5.0", digest("new"))
COMMIT, BEFORE = "c" * 40, "b" * 40
AWAITED = AwaitedCommit("dev", COMMIT, NEW)
PULL = {"reason": "ImagePullBackOff", "message": "no such host"}
MISSING = {"reason": "ErrImagePull", "message": "code = NotFound: not found"}


GOAL = RolloutGoal("vote-dev", (GoalTarget("Deployment", "front"),))


def observe(item, items, lineage=None, **more):
    lineage, application = lineage or Lineage(REACHED), argocd.parse(item)
    rollout = Judge(lambda: 0, time.time)(synced_part(application, lineage, GOAL), items, False).verdict
    named = named_by(NamespaceObjects(items), "front")
    return ArrivalFacts(application, lineage, named, rollout, **more)


@pytest.mark.parametrize(("kind", "seen"), [("Deployment", [NEW]), ("StatefulSet", [NEW]), ("DaemonSet", [])])
def test_the_app_may_be_a_stateful_set(kind, seen):
    items = namespace(NEW)
    items[0]["kind"] = kind
    assert named_by(NamespaceObjects(items), "front") == (NEW if seen else None)
    assert list(running.images(items, "front")) == seen * 2


WAITS = {
    "Argo CD to see commit cccccccccccc (it is at bbbbbbbbbbbb)": observe(
        application(BEFORE), namespace(OLD), Lineage(BEHIND)
    ),
    "Argo CD to see commit cccccccccccc (it is at none)": observe(application(""), [], Lineage(BEHIND)),
    "the sync (OutOfSync: Deployment/front)": observe(application(COMMIT, "OutOfSync"), namespace(OLD)),
    "the sync (OutOfSync: Deployment/front; nobody has started it: `./inv gitops.sync dev`)": observe(
        application(COMMIT, "OutOfSync", automated=False), namespace(OLD)
    ),
    "the sync to end (one of two)": observe(
        application(COMMIT, phase="Running", message="one of two"), namespace(NEW)
    ),
    "the sync to end": observe(application(COMMIT, phase="Running", message=""), namespace(NEW)),
    "the app's workload": observe(application(COMMIT), []),
    "the app's workload to name 1.5.0 (it names 1.4.0)": observe(application(COMMIT), namespace(OLD)),
    "the rollout: deployment/front (generation 4 to be observed)": observe(
        application(COMMIT), namespace(NEW, generation=4)
    ),
    "the rollout: deployment/front (front-1 is not ready (ImagePullBackOff))": observe(
        application(COMMIT), [*namespace(NEW, available=1), pod("front-1", NEW, False, PULL)]
    ),
    "the rollout: deployment/front (1 of 2 new pods seen)": observe(
        application(COMMIT),
        [deployment(NEW), replica_set(NEW), replica_set(OLD), pod("front-1", NEW), pod("front-2", OLD)],
    ),
    "health (Progressing: no more is said)": observe(
        application(COMMIT, health="Progressing"), namespace(NEW)
    ),
}


@pytest.mark.parametrize(("text", "seen"), WAITS.items(), ids=WAITS)
def test_it_waits_and_says_for_what(text, seen):
    verdict = judge(AWAITED, seen)
    assert (verdict.kind, verdict.text) == ("waiting", text)


def test_it_has_arrived_when_everything_is_the_goal_s():
    assert judge(AWAITED, observe(application(COMMIT), namespace(NEW))).kind == "arrived"


def test_pods_that_are_ending_or_others_do_not_count():
    ending = pod("front-0", OLD, deletionTimestamp="2026-01-01T00:00:00Z")
    other = pod("redis-0", OLD)
    other["metadata"]["labels"] = {"app": "redis"}
    assert judge(AWAITED, observe(application(COMMIT), [*namespace(NEW), ending, other])).kind == "arrived"


def test_all_may_be_there_and_well_and_the_sync_failed_nevertheless():
    """As with a PostSync hook, which is a test of what runs."""
    item = application(COMMIT, phase="Failed", message="tasks completed unsuccessfully")
    verdict = judge(AWAITED, observe(item, namespace(NEW)))
    assert (verdict.kind, verdict.text) == (
        "waiting",
        "the sync to succeed (tasks completed unsuccessfully)",
    )
    assert judge(AWAITED, observe(item, namespace(NEW), begun=False)).kind == "arrived"


BROKEN = [deployment(NEW, available=0), replica_set(NEW), pod("front-1", NEW, False, MISSING)]


def test_workloads_that_are_doomed_are_the_end_at_once():
    assert judge(AWAITED, observe(application(COMMIT, phase="Running"), BROKEN)).kind == "broken"


def test_what_argo_cd_has_not_brought_yet_is_not_judged():
    assert judge(AWAITED, observe(application(COMMIT, "OutOfSync"), BROKEN)).kind == "waiting"
    assert judge(AWAITED, observe(application(BEFORE), BROKEN, Lineage(BEHIND))).kind == "waiting"


def test_what_argo_cd_knows_nothing_of_is_not_judged():
    """An old pod that crashes is no fault of the commit that mends it, if git went away before its sync."""
    assert judge(AWAITED, observe(application(COMMIT, "Unknown"), BROKEN)).kind == "waiting"


def test_an_object_whose_kind_the_project_does_not_permit_differs():
    item = application(COMMIT, "OutOfSync")
    item["status"]["resources"][0]["status"] = "Unknown"
    assert argocd.parse(item).drift == ("Deployment/front",)


REPLACEMENTS = {
    "newer": (ImageRef("localhost:5050", "front", "1.6.0", digest("newer")), ("overtaken", "1.6.0")),
    "older": (OLD, ("taken back", "1.4.0")),
    "none": (None, ("taken back", "nothing")),
}


@pytest.mark.parametrize(("image", "end"), REPLACEMENTS.values(), ids=REPLACEMENTS)
def test_another_pin_on_a_descendant_takes_the_awaited_one_s_place(image, end):
    verdict = judge(AWAITED, observe(application("d" * 40), namespace(OLD), Lineage(REPLACED, image)))
    assert (verdict.kind, verdict.text) == end


TROUBLE = ArgoTrouble("SyncError: field is immutable", 15)
UNREADABLE = ArgoTrouble("ComparisonError: authentication required", 15, unreadable=True)
FAILED = ArgoTrouble("the sync failed: field is immutable", 15, sync_failed=True)


@pytest.mark.parametrize(
    ("trouble", "kind"), [(TROUBLE, "unsynced"), (UNREADABLE, "unreadable"), (FAILED, "sync failed")]
)
def test_a_trouble_is_the_end_after_its_grace_and_not_before(trouble, kind):
    early, late = (
        judge(AWAITED, observe(application(COMMIT), namespace(NEW), trouble=trouble, troubled_for=seconds))
        for seconds in (14.9, 15)
    )
    assert (early.kind, late.kind, late.text) == ("arrived", kind, trouble.text)


NO_METRICS = ("HorizontalPodAutoscaler/front: FailedGetResourceMetric: no metrics",)


def test_degraded_is_no_verdict_before_the_deadline():
    item = application(COMMIT, health="Degraded")
    early, late = (
        judge(AWAITED, observe(item, namespace(NEW), unhealthy=NO_METRICS, overdue=overdue))
        for overdue in (False, True)
    )
    assert (early.kind, early.text) == ("waiting", f"health (Degraded: {NO_METRICS[0]})")
    assert (late.kind, late.text) == ("degraded", f"Degraded: {NO_METRICS[0]}")


def test_what_is_late_is_not_called_bad():
    late = judge(AWAITED, observe(application(COMMIT, health="Progressing"), namespace(NEW), overdue=True))
    assert late.kind == "waiting"


def test_at_the_deadline_a_commit_whose_sync_has_not_begun_is_untried():
    behind, unsynced = application(BEFORE), application(COMMIT, "OutOfSync", operation=BEFORE)
    for item, lineage in ((behind, Lineage(BEHIND)), (unsynced, Lineage(REACHED))):
        kinds = [
            judge(AWAITED, observe(item, namespace(OLD), lineage, overdue=overdue, begun=begun)).kind
            for overdue, begun in ((False, False), (True, True), (True, False))
        ]
        assert kinds == ["waiting", "waiting", "untried"]


def test_once_it_is_synced_it_counts_as_tried_whoever_synced_it():
    late = judge(
        AWAITED, observe(application(COMMIT), namespace(NEW, generation=9), overdue=True, begun=False)
    )
    assert late.kind == "waiting"


def test_argo_cd_that_does_not_look_is_told_at_the_deadline():
    item = application(BEFORE, annotations={"argocd.argoproj.io/refresh": "normal"})
    early, late = (
        judge(AWAITED, observe(item, namespace(OLD), Lineage(BEHIND), overdue=overdue)).text
        for overdue in (False, True)
    )
    seen = "Argo CD to see commit cccccccccccc (it is at bbbbbbbbbbbb"
    assert early == f"{seen})"
    assert late == f"{seen}; it has not done what it was asked to: does its application controller run?)"


LATE = {
    "OutOfSync: Deployment/front; Argo CD has begun none: is a sync window of its project closed?": {
        "operation": BEFORE
    },
    "OutOfSync: Deployment/front (Sync operation blocked by sync window)": {
        **{"operation": BEFORE, "phase": "Running"},
        "message": "Sync operation blocked by sync window",
    },
    "OutOfSync: Deployment/front": {},
}


@pytest.mark.parametrize("text", LATE)
def test_at_the_deadline_it_is_told_what_argo_cd_says_of_a_sync_that_does_not_come(text):
    item = application(COMMIT, "OutOfSync", **LATE[text])
    late = judge(AWAITED, observe(item, namespace(OLD), overdue=True))
    assert (late.kind, late.text) == ("waiting", f"the sync ({text})")


def test_that_a_window_blocks_a_sync_which_somebody_started_is_told_at_once():
    blocked = {"phase": "Running", "message": "Sync operation blocked by sync window"}
    early = judge(AWAITED, observe(application(COMMIT, "OutOfSync", **blocked), namespace(OLD)))
    assert early.text == "the sync (OutOfSync: Deployment/front (Sync operation blocked by sync window))"


ADDRESS, REDIS = "Service/front: it has got no address yet", "StatefulSet/redis: 0 of 1 pods are ready"


@pytest.mark.parametrize(
    ("unhealthy", "kind"),
    [
        ((ADDRESS,), "arrived"),
        ((ADDRESS, "StatefulSet/redis: 0 of 1 pods are ready"), "waiting"),
        ((), "waiting"),
    ],
)
def test_an_address_that_does_not_come_is_said_and_not_waited_for(unhealthy, kind):
    item = application(COMMIT, health="Progressing")
    verdict = judge(AWAITED, observe(item, namespace(NEW), unhealthy=unhealthy))
    assert verdict.kind == kind and (ADDRESS in verdict.text) is bool(unhealthy)


SKIPPED = [stateful("db", status="PruneSkipped", message="ignored (no prune)")]


def kept(front: str = "Synced", **more) -> dict:
    """OutOfSync for a StatefulSet that the commit forgot; and, if it is to, for the Deployment."""
    item = application(COMMIT, "OutOfSync", kept=["db"], **{"results": SKIPPED} | more)
    item["status"]["resources"][0]["status"] = front
    return item


def test_what_no_commit_has_and_what_stays_is_said_and_not_waited_for():
    seen = observe(kept(), namespace(NEW))
    verdict = judge(AWAITED, seen)
    said = "OutOfSync: StatefulSet/db (the branch has it no more, and it is kept: delete it by hand)"
    assert (verdict.kind, verdict.text) == ("arrived", said)
    assert synced_part(seen.application, Lineage(REACHED), replace(GOAL, services=("front",))).services


@pytest.mark.parametrize(
    "item",
    [
        kept(results=[]),
        kept(results=[stateful("db", status="Pruned")]),
        kept(phase="Running"),
        kept(phase="Failed"),
        kept(operation=BEFORE),
        kept(front="OutOfSync"),
    ],
    ids=["not synced yet", "it goes", "a sync runs", "it failed", "of another commit", "something differs"],
)
def test_before_the_sync_is_over_and_for_anything_else_that_differs_it_waits(item):
    verdict = judge(AWAITED, observe(item, namespace(NEW)))
    assert verdict.kind == "waiting" and verdict.text.startswith("the sync")


def test_what_is_suspended_is_so_on_purpose():
    assert judge(AWAITED, observe(application(COMMIT, health="Suspended"), namespace(NEW))).kind == "arrived"


def test_an_application_that_argo_cd_has_not_seen_yet_is_all_defaults():
    seen = argocd.parse({"metadata": {"name": "vote-dev"}, "spec": {"syncPolicy": None}})
    assert seen == argocd.Application("vote-dev", automated=False)


def test_a_commit_that_argo_cd_could_not_read_is_none():
    """It then gives the branch's name, and calls all that is there something that no commit has."""
    item = application("gitops", "Unknown", kept=["redis"])
    item["spec"]["source"] = {"targetRevision": "gitops"}
    seen = argocd.parse(item)
    assert (seen.revision, seen.extra) == ("", ())
    item["status"]["sync"] |= {"revision": COMMIT, "status": "OutOfSync"}
    seen = argocd.parse(item)
    assert (seen.revision, seen.extra) == (COMMIT, ("statefulset.apps/redis",))
