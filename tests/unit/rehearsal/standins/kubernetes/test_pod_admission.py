"""A new pod's service account and priority class: what it takes from them, what is refused for them."""

import pytest

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects


def pod(**spec) -> dict:
    metadata = {"name": "p", "namespace": "default"}
    return {"metadata": metadata, "spec": {"containers": [{"name": "c", "image": "i"}], **spec}}


def priority_class(objects: Objects, name: str, value: int, **fields) -> dict:
    return objects.create(kinds.PRIORITY_CLASS, {"metadata": {"name": name}, "value": value, **fields})


def refusal(call, *args) -> str:
    with pytest.raises(StatusError) as refused:
        call(*args)
    return refused.value.message


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        ({"priorityClassName": "no"}, "no PriorityClass with name no was found"),
        (
            {"serviceAccountName": "no"},
            'error looking up service account default/no: serviceaccount "no" not found',
        ),
        (
            {"priority": 5},
            "the integer value of priority (5) must not be provided in pod spec; "
            "priority admission controller computed 0 from the given PriorityClass name",
        ),
    ],
)
def test_a_pod_is_refused_for_what_is_not_there(objects, spec, why):
    assert refusal(objects.create, kinds.POD, pod(**spec)) == f'pods "p" is forbidden: {why}'


def test_a_refusal_names_what_a_name_was_to_be_made_of(objects):
    item = pod(serviceAccountName="no") | {"metadata": {"generateName": "web-", "namespace": "default"}}
    assert refusal(objects.create, kinds.POD, item).startswith('pods "web-" is forbidden: error looking up')


def test_a_pod_gets_its_classs_priority_and_keeps_it(objects):
    created = objects.create(kinds.POD, pod(priorityClassName="system-node-critical"))
    assert created["spec"]["priority"] == 2_000_001_000
    assert created["spec"]["preemptionPolicy"] == "PreemptLowerPriority"
    objects.delete(kinds.PRIORITY_CLASS, "", "system-node-critical")
    replaced = objects.update(kinds.POD, pod(nodeName="n"))
    assert replaced["spec"]["priority"] == 2_000_001_000


def test_a_pod_without_a_class_gets_the_default_one_or_none(objects):
    objects.create(kinds.POD, pod())
    assert objects.get(kinds.POD, "default", "p")["spec"]["priority"] == 0
    objects.delete(kinds.POD, "default", "p")
    priority_class(objects, "usual", 7, globalDefault=True, preemptionPolicy="Never")
    spec = objects.create(kinds.POD, pod())["spec"]
    assert (spec["priorityClassName"], spec["priority"], spec["preemptionPolicy"]) == ("usual", 7, "Never")


def test_a_pod_pulls_with_its_accounts_secrets_unless_it_names_its_own(objects):
    def add(account: dict) -> None:
        account["imagePullSecrets"] = [{"name": "account"}]

    objects.modify(kinds.SERVICE_ACCOUNT, "default", "default", add)
    assert objects.create(kinds.POD, pod())["spec"]["imagePullSecrets"] == [{"name": "account"}]
    objects.delete(kinds.POD, "default", "p")
    own = objects.create(kinds.POD, pod(imagePullSecrets=[{"name": "own"}]))
    assert own["spec"]["imagePullSecrets"] == [{"name": "own"}]


def test_priority_classes_keep_to_their_bounds(objects):
    assert "'system-' prefix are reserved for system use only. error: system-x is not a known" in refusal(
        priority_class, objects, "system-x", 1
    )
    assert "maximum allowed value of a user defined priority is 1000000000" in refusal(
        priority_class, objects, "x", 1_000_000_001
    )
    changed = priority_class(objects, "high", 1) | {"value": 2}
    assert "value: Forbidden: may not be changed in an update." in refusal(
        objects.update, kinds.PRIORITY_CLASS, changed
    )


def test_a_limit_range_gives_containers_what_they_leave_open(objects):
    """Init containers too. Its default limit is the most, its default request the limit or the least."""
    limits = [
        {"type": "Container", "max": {"cpu": "1"}, "min": {"memory": "8Mi"}, "default": {"memory": "64Mi"}},
        {"type": "Pod", "max": {"cpu": "2"}},
    ]
    item = {"metadata": {"name": "l", "namespace": "default"}, "spec": {"limits": limits}}
    stored = objects.create(kinds.LIMIT_RANGE, item)["spec"]["limits"]
    assert stored[0]["default"] == stored[0]["defaultRequest"] == {"cpu": "1", "memory": "64Mi"}
    assert stored[1] == {"type": "Pod", "max": {"cpu": "2"}}
    init = {"name": "i", "image": "i", "resources": {"requests": {"cpu": "10m"}, "limits": {"cpu": "20m"}}}
    created = objects.create(kinds.POD, pod(initContainers=[init]))
    assert created["spec"]["containers"][0]["resources"] == {
        "limits": {"cpu": "1", "memory": "64Mi"},
        "requests": {"cpu": "1", "memory": "64Mi"},
    }
    assert created["spec"]["initContainers"][0]["resources"] == {
        "limits": {"cpu": "20m", "memory": "64Mi"},
        "requests": {"cpu": "10m", "memory": "64Mi"},
    }
    assert created["metadata"]["annotations"]["kubernetes.io/limit-ranger"] == (
        "LimitRanger plugin set: cpu, memory request for container c; cpu, memory limit for container c; "
        "memory request for init container i; memory limit for init container i"
    )
    assert created["status"]["qosClass"] == "Burstable"
