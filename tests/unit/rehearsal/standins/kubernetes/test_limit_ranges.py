"""LimitRanges: defaults for containers, and bounds for containers, pods and claims."""

import pytest

from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects
from aks_flow.rehearsal.standins.kubernetes.objects.status import StatusError


def limit(objects: Objects, **item) -> dict:
    metadata = {"name": "limits", "namespace": "default"}
    return objects.create(kinds.LIMIT_RANGE, {"metadata": metadata, "spec": {"limits": [item]}})


def pod(objects: Objects, **resources: dict) -> dict:
    containers = [{"name": "c", "image": "i", "resources": resources}]
    metadata = {"name": "p", "namespace": "default"}
    return objects.create(kinds.POD, {"metadata": metadata, "spec": {"containers": containers}})


def refusal(objects: Objects, **resources: dict) -> str:
    with pytest.raises(StatusError) as refused:
        pod(objects, **resources)
    assert refused.value.code == 403
    return refused.value.message


def test_containers_get_what_they_do_not_state(objects):
    limit(objects, type="Container", default={"cpu": "500m", "memory": "1Gi"}, defaultRequest={"cpu": "100m"})
    created = pod(objects, requests={"cpu": "200m"})
    assert created["spec"]["containers"][0]["resources"] == {
        "requests": {"cpu": "200m", "memory": "1Gi"},
        "limits": {"cpu": "500m", "memory": "1Gi"},
    }
    assert created["metadata"]["annotations"]["kubernetes.io/limit-ranger"] == (
        "LimitRanger plugin set: memory request for container c; cpu, memory limit for container c"
    )


def test_bounds_are_defaults_where_there_are_none(objects):
    stored = limit(objects, type="Container", max={"cpu": "2"}, min={"cpu": "100m", "memory": "1Mi"})
    (item,) = stored["spec"]["limits"]
    assert item["default"] == {"cpu": "2"}
    assert item["defaultRequest"] == {"cpu": "2", "memory": "1Mi"}


@pytest.mark.parametrize(
    ("item", "resources", "why"),
    [
        (
            {"type": "Container", "max": {"cpu": "1"}},
            {"limits": {"cpu": "1500m"}},
            "maximum cpu usage per Container is 1, but limit is 1500m",
        ),
        (
            {"type": "Container", "min": {"memory": "64Mi"}},
            {"requests": {"memory": "32Mi"}},
            "minimum memory usage per Container is 64Mi, but request is 32Mi",
        ),
        (
            {"type": "Pod", "max": {"cpu": "1"}},
            {},
            "maximum cpu usage per Pod is 1.  No limit is specified",
        ),
        (
            {"type": "Container", "maxLimitRequestRatio": {"cpu": "2"}},
            {"requests": {"cpu": "1"}, "limits": {"cpu": "3"}},
            "cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000",
        ),
    ],
)
def test_what_is_out_of_bounds_is_refused(objects, item, resources, why):
    limit(objects, **item)
    assert refusal(objects, **resources) == f'pods "p" is forbidden: {why}'


def test_defaults_meet_what_a_quota_asks_for(objects):
    quota = {"metadata": {"name": "q", "namespace": "default"}, "spec": {"hard": {"limits.cpu": "4"}}}
    objects.create(kinds.RESOURCE_QUOTA, quota)
    assert "must specify limits.cpu" in refusal(objects)
    limit(objects, type="Container", default={"cpu": "1"})
    assert pod(objects)["spec"]["containers"][0]["resources"]["limits"] == {"cpu": "1"}


def test_a_claim_keeps_to_its_bounds(objects):
    limit(objects, type="PersistentVolumeClaim", max={"storage": "1Gi"})
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "2Gi"}}}
    with pytest.raises(StatusError) as refused:
        objects.create(
            kinds.PERSISTENT_VOLUME_CLAIM,
            {"metadata": {"name": "d", "namespace": "default"}, "spec": spec},
        )
    assert "maximum storage usage per PersistentVolumeClaim is 1Gi, but" in refused.value.message
