"""LimitRanges refuse pods and claims in the words of a standard server (plugin/pkg/admission/limitranger)."""

import pytest

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds

META = {"name": "x", "namespace": "default"}


def limit_range(*limits: dict) -> dict:
    return {"metadata": {"name": "l", "namespace": "default"}, "spec": {"limits": list(limits)}}


def container(name="c", requests=None, limits=None, **more) -> dict:
    resources = {"requests": requests or {}, "limits": limits or {}}
    return {"name": name, "image": "i", "resources": resources, **more}


def pod(*containers: dict, **spec) -> dict:
    return {"metadata": dict(META), "spec": {"containers": list(containers), **spec}}


def claim(storage: str) -> dict:
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": storage}}}
    return {"metadata": dict(META), "spec": spec}


def refusal(objects, kind, item) -> str:
    with pytest.raises(StatusError) as refused:
        objects.create(kind, item)
    assert (refused.value.code, refused.value.reason) == (403, "Forbidden")
    return refused.value.message.removeprefix(f'{kind.plural} "x" is forbidden: ')


OF_A_CONTAINER = [
    (
        {"min": {"cpu": "0.1"}},
        container(requests={"cpu": "50m"}, limits={"cpu": "1"}),
        "minimum cpu usage per Container is 100m, but request is 50m",
    ),
    (
        {"max": {"cpu": "1"}},
        container(requests={"cpu": "2"}, limits={"cpu": "2000m"}),
        "maximum cpu usage per Container is 1, but limit is 2",
    ),
    (
        {"maxLimitRequestRatio": {"cpu": "2"}},
        container(requests={"cpu": "300m"}, limits={"cpu": "1"}),
        "cpu max limit to request ratio per Container is 2, but provided ratio is 3.333333",
    ),
    (
        {"maxLimitRequestRatio": {"cpu": "2"}},
        container(limits={"memory": "1Mi"}),
        "cpu max limit to request ratio per Container is 2, but no request is specified or request is 0",
    ),
    (
        {"maxLimitRequestRatio": {"cpu": "2"}},
        container(requests={"cpu": "1m"}),
        "cpu max limit to request ratio per Container is 2, but no limit is specified or limit is 0",
    ),
    (
        {"min": {"memory": "8Mi"}, "max": {"cpu": "1"}},
        container(requests={"memory": "4Mi"}, limits={"cpu": "2"}),
        "[minimum memory usage per Container is 8Mi, but request is 4Mi, "
        "maximum cpu usage per Container is 1, but limit is 2]",
    ),
]


@pytest.mark.parametrize(("limit", "asked", "why"), OF_A_CONTAINER)
def test_a_container_outside_of_a_limit_range_is_refused(objects, limit, asked, why):
    objects.create(kinds.LIMIT_RANGE, limit_range({"type": "Container", **limit}))
    assert refusal(objects, kinds.POD, pod(asked)) == why
    within = container(requests={"cpu": "500m", "memory": "8Mi"}, limits={"cpu": "1", "memory": "8Mi"})
    assert refusal(objects, kinds.POD, pod(within, initContainers=[asked | {"name": "i"}])) == why
    objects.create(kinds.POD, pod(within))


@pytest.mark.parametrize(
    ("limit", "asked", "why"),
    [
        (
            {"max": {"memory": "100Mi"}},
            [container("a", limits={"memory": "64Mi"}), container("b", limits={"memory": "64Mi"})],
            "maximum memory usage per Pod is 100Mi, but limit is 128Mi",
        ),
        ({"max": {"cpu": "1"}}, [container()], "maximum cpu usage per Pod is 1.  No limit is specified"),
        ({"min": {"cpu": "1"}}, [container()], "minimum cpu usage per Pod is 1.  No request is specified"),
        (
            {"min": {"cpu": "1"}},
            [container("a", requests={"cpu": "200m"}), container("b", requests={"cpu": "300m"})],
            "minimum cpu usage per Pod is 1, but request is 500m",
        ),
    ],
)
def test_a_pod_outside_of_a_limit_range_is_refused(objects, limit, asked, why):
    objects.create(kinds.LIMIT_RANGE, limit_range({"type": "Pod", **limit}))
    assert refusal(objects, kinds.POD, pod(*asked)) == why


@pytest.mark.parametrize(
    ("storage", "why"),
    [
        ("500Mi", "minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 500Mi"),
        ("3Gi", "maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi"),
    ],
)
def test_a_claim_outside_of_a_limit_range_is_refused(objects, storage, why):
    bounds = {"min": {"storage": "1Gi"}, "max": {"storage": "2Gi"}}
    objects.create(kinds.LIMIT_RANGE, limit_range({"type": "PersistentVolumeClaim", **bounds}))
    assert refusal(objects, kinds.PERSISTENT_VOLUME_CLAIM, claim(storage)) == why
    objects.create(kinds.PERSISTENT_VOLUME_CLAIM, claim("1Gi"))


def test_a_pod_that_is_there_stays_and_may_be_changed(objects):
    objects.create(kinds.POD, pod(container(limits={"cpu": "2"})))
    objects.create(kinds.LIMIT_RANGE, limit_range({"type": "Container", "max": {"cpu": "1"}}))
    objects.modify(
        kinds.POD, "default", "x", lambda item: item["metadata"].setdefault("labels", {}).update(a="b")
    )
