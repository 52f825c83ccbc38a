"""Which waves a push does not wait for: those that stand, and no other."""

import pytest

from aks_flow.core.image_ref import ImageRef
from aks_flow.manifests.sync_waves import ManifestDocument, order
from aks_flow.push.plan import PlanBasis, PlannedChanges, PushPlan
from aks_flow.push.settled_waves import join_settled

IMAGE = ImageRef("localhost:5050", "api", "1.0.0", "sha256:" + "a" * 64)
WAVE = "argocd.argoproj.io/sync-wave"
GROUPS = {"StatefulSet": "apps/v1", "Deployment": "apps/v1", "DaemonSet": "apps/v1", "Job": "batch/v1"}
WELL = {
    "StatefulSet": {
        "readyReplicas": 1,
        "availableReplicas": 1,
        "updateRevision": "1",
        "currentRevision": "1",
    },
    "Deployment": {"replicas": 1, "updatedReplicas": 1, "availableReplicas": 1},
    "DaemonSet": {"desiredNumberScheduled": 1, "numberAvailable": 1, "updatedNumberScheduled": 1},
    "Job": {"conditions": [{"type": "Complete", "status": "True"}]},
}


def made(kind: str, name: str, wave: int) -> dict:
    metadata = {"name": name, "namespace": "shop", "annotations": {WAVE: str(wave)}}
    return {"apiVersion": GROUPS.get(kind, "v1"), "kind": kind, "metadata": metadata}


def stored(item: dict, **status) -> dict:
    """As the cluster has it."""
    known = {"observedGeneration": 3, **WELL.get(item["kind"], {}), **status}
    metadata = item["metadata"] | {"generation": 3, "uid": "u"}
    return item | {"metadata": metadata, "spec": {"replicas": 1}, "status": known}


def header(item: dict) -> str:
    version, metadata = item["apiVersion"].replace("/", "."), item["metadata"]
    file = f"{version}.{item['kind']}.{metadata['namespace']}.{metadata['name']}"
    return f"diff -u -N /tmp/LIVE-1/{file} /tmp/MERGED-2/{file}\n--- …\n+++ …\n-a\n+b\n"


CONFIG, STORE, API = (
    made("ConfigMap", "config", 0),
    made("StatefulSet", "store", 1),
    made("Deployment", "api", 2),
)
ITEMS = [CONFIG, STORE, API]


def joined(items=ITEMS, live=None, changed=(API,), **plan) -> list[list[str]]:
    live = [stored(item) for item in items] if live is None else live
    changes = PlannedChanges(**{"diff": "".join(map(header, changed))} | plan)
    made = PushPlan("dev", "shop", IMAGE, "", changes=changes, basis=PlanBasis(tuple(live)))
    waves = order(ManifestDocument("", item) for item in items).waves
    groups = join_settled(made, waves)
    return [[document.object["metadata"]["name"] for document in group] for group in groups]


def test_what_stands_goes_with_what_changes():
    assert joined() == [["config", "store", "api"]]


def test_if_nothing_changes_all_goes_at_once():
    assert joined(changed=()) == [["config", "store", "api"]]


def test_a_wave_that_changes_is_waited_for():
    assert joined(changed=[CONFIG, API]) == [["config"], ["store", "api"]]
    assert joined(changed=[STORE]) == [["config", "store"], ["api"]]


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("StatefulSet", {"readyReplicas": 0}),
        ("StatefulSet", {"observedGeneration": 2}),
        ("StatefulSet", {"updateRevision": "2"}),
        ("Deployment", {"availableReplicas": 0}),
        ("Deployment", {"updatedReplicas": 0}),
        ("Deployment", {"replicas": 2}),
        ("DaemonSet", {"numberAvailable": 0}),
        ("Job", {}),
        ("Job", {"conditions": []}),
    ],
)
def test_what_is_not_well_is_waited_for_though_nothing_changes(kind, status):
    first, last = made(kind, "first", 0), made("Deployment", "last", 1)
    assert joined([first, last], [stored(first, **status), stored(last)], [last]) == [["first"], ["last"]]


@pytest.mark.parametrize("kind", ["StatefulSet", "Deployment", "DaemonSet"])
def test_what_is_well_is_not_waited_for(kind):
    first, last = made(kind, "first", 0), made("Deployment", "last", 1)
    assert joined([first, last], changed=[last]) == [["first", "last"]]


@pytest.mark.parametrize(
    "plan",
    [
        {"live": [stored(CONFIG), stored(API)]},
        {"diff": "deployment.apps/api: image\n"},
        {"beyond_diff": ("statefulset.apps/store: a person set .spec.replicas; it goes",)},
        {"definitions": ("customresourcedefinition/things",)},
        {"live": [], "new_namespace": True},
    ],
    ids=["not there yet", "another program's diff", "beyond the diff", "kinds that are made", "all is new"],
)
def test_what_the_diff_does_not_prove_is_waited_for(plan):
    assert joined(**plan)[-1] == ["api"]
