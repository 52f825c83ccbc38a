"""Whose the fields are: what a delivery applied, what others set, and what becomes the delivery's again."""

import copy
import json

import pytest

from aks_flow.push.fields import field_set
from aks_flow.push.fields.applied import applied, configuration, is_applied
from aks_flow.push.fields.foreign import ForeignField, beyond_diff, foreign_fields, replaced
from aks_flow.push.fields.takeover import taken_over, to_take_over
from aks_flow.push.prune import leftovers
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.tools.kubectl import output
from aks_flow.tools.kubectl.apply import LAST_APPLIED
from tests.unit.push.fields.owned import WHEN, Owned

CONTAINER = {
    "name": "web",
    "image": "web:1",
    "ports": [{"containerPort": 80}],
    "env": [{"name": "A", "value": "1"}, {"name": "N", "valueFrom": {"fieldRef": {"fieldPath": "a"}}}],
    "resources": {"requests": {"cpu": 0.5, "memory": "1024Mi"}},
}
ITEM = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "labels": {"app": "web"}, "annotations": {}},
    "spec": {
        "replicas": 2,
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {"containers": [CONTAINER], "volumes": [{"name": "tmp", "emptyDir": {}}]},
        },
    },
}
SCALED_FREELY = {**ITEM, "spec": {key: value for key, value in ITEM["spec"].items() if key != "replicas"}}


def container(item: dict) -> dict:
    return item["spec"]["template"]["spec"]["containers"][0]


def edited(change, item: dict = ITEM) -> dict:
    other = copy.deepcopy(item)
    change(other)
    return other


def fill_in(item: dict) -> None:
    """What a server adds of its own, and how it writes values."""
    item["spec"]["progressDeadlineSeconds"] = 600
    container(item)["ports"][0]["protocol"] = "TCP"
    container(item)["env"][1]["valueFrom"]["fieldRef"]["apiVersion"] = "v1"
    container(item)["resources"]["requests"] = {"cpu": "500m", "memory": "1Gi"}


def delivered(item: dict = ITEM) -> Owned:
    """As a server has it after a delivery: values written its own way stay their applier's."""
    owned = Owned().applied(item)
    fill_in(owned._item)
    return owned


def set_env(item: dict) -> None:
    container(item)["env"].append({"name": "DEBUG", "value": "1"})


def set_image(item: dict) -> None:
    container(item)["image"] = "web:2"


def annotate(item: dict, key: str, template: bool = False) -> None:
    place = item["spec"]["template"] if template else item
    place["metadata"]["annotations"] = {**(place["metadata"].get("annotations") or {}), key: "now"}


def restart(item: dict) -> None:
    annotate(item, "kubectl.kubernetes.io/restartedAt", template=True)


def scale(item: dict) -> None:
    item["spec"]["replicas"] = 5


def pause(item: dict) -> None:
    item["spec"]["paused"] = True


def number(item: dict) -> None:
    annotate(item, "deployment.kubernetes.io/revision")


PLACE = '.spec.template.spec.containers[name="web"]'
CHANGES = {
    "a variable is added": (ITEM, set_env, "kubectl-set", "", [(f'{PLACE}.env[name="DEBUG"]', True)]),
    "an image is changed": (ITEM, set_image, "kubectl-edit", "", [(f"{PLACE}.image", False)]),
    "an annotation is added": (
        *(ITEM, lambda item: annotate(item, "a.b/c"), "kubectl-annotate", ""),
        [(".metadata.annotations.a.b/c", True)],
    ),
    "a controller adds": (ITEM, number, "kube-controller-manager", "", []),
    "a controller changes": (ITEM, scale, "kube-controller-manager", "scale", [(".spec.replicas", False)]),
    "it is scaled": (SCALED_FREELY, scale, "kubectl", "scale", []),
    "its replicas are patched": (SCALED_FREELY, scale, "kubectl-patch", "", []),
    "it is scaled against the manifests": (ITEM, scale, "kubectl", "scale", [(".spec.replicas", False)]),
    "it is restarted": (ITEM, restart, "kubectl-rollout", "", []),
    "it is paused": (ITEM, pause, "kubectl-rollout", "", []),
}


@pytest.mark.parametrize(("item", "change", "manager", "part", "named"), CHANGES.values(), ids=CHANGES)
def test_what_others_set_is_named_with_who_and_when(item, change, manager, part, named):
    live = delivered(item).changed(change, manager, part).live
    fields = foreign_fields([item], [live])
    assert [(field.path, field.added) for field in fields] == named
    assert {field.manager for field in fields} <= {manager} and {field.time for field in fields} <= {WHEN}
    said = [*beyond_diff([item], [live], fields), *replaced(fields)]
    assert len(said) == len(named) and all(f"deployment.apps/web: {manager} set" in text for text in said)


def test_what_one_manager_set_in_many_objects_is_one_sentence():
    fields = [
        ForeignField(f"service/{name}", ".metadata.annotations.a", manager, time, True, True)
        for name, manager, time in (("a", "argo", "T1"), ("b", "argo", "T2"), ("c", "kubectl-edit", ""))
    ]
    goes = "set .metadata.annotations.a{}; the manifests do not have it, and it goes"
    assert beyond_diff([], [], fields) == [
        f"service/a, service/b: argo {goes.format(' at T2')}",
        f"service/c: kubectl-edit {goes.format('')}",
    ]


@pytest.mark.parametrize(("item", "change", "manager", "part", "named"), CHANGES.values(), ids=CHANGES)
def test_the_next_apply_takes_away_what_people_set_and_leaves_how_it_is_run(
    item, change, manager, part, named
):
    owned = delivered(item).changed(change, manager, part)
    before = copy.deepcopy(owned.live)
    if to_take_over([ITEM], [before]):
        owned.with_owners(taken_over(item, before))
    after = owned.applied(item).live
    assert [field for field in foreign_fields([item], [after]) if field.by_hand] == []
    if not named:
        assert {**after, "metadata": 0, "spec": {**after["spec"], "template": 0}} == {
            **before,
            "metadata": 0,
            "spec": {**before["spec"], "template": 0},
        }
    assert [entry["name"] for entry in container(after)["env"]] == ["A", "N"]


def test_a_namespace_keeps_what_its_administrators_set():
    item = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": {"a": "b"}}}
    owned = Owned(kinds.NAMESPACE).applied(item)
    owned.changed(lambda live: live["metadata"]["labels"].update({"team": "x"}), "kubectl-label")
    assert foreign_fields([item], [owned.live]) == [] and to_take_over([ITEM], [owned.live]) == []


def test_what_a_person_made_before_any_delivery_is_no_change_of_it():
    owned = Owned().changed(lambda item: item.update(copy.deepcopy(ITEM)), "kubectl-create")
    owned.changed(set_env, "kubectl-edit")
    assert foreign_fields([ITEM], [owned.live]) == [] and to_take_over([ITEM], [owned.live]) == []


DIFFERENT = {
    "another image": set_image,
    "one variable more": set_env,
    "one variable less": lambda item: container(item)["env"].pop(),
    "a value less": lambda item: container(item)["env"][0].pop("value"),
    "a label more": lambda item: item["metadata"]["labels"].update({"b": "c"}),
    "a label less": lambda item: item["spec"]["template"]["metadata"].pop("labels"),
    "other replicas": scale,
    "another amount": lambda item: container(item)["resources"]["requests"].update({"cpu": "501m"}),
    "another volume": lambda item: item["spec"]["template"]["spec"]["volumes"][0].update({"name": "b"}),
    "a part more": lambda item: item["spec"].update({"minReadySeconds": 3}),
}


def test_what_was_applied_is_known_by_its_owner_however_the_server_writes_it():
    live = delivered().live
    assert is_applied(ITEM, live) and is_applied(ITEM, live, "spec", "template")
    assert not is_applied(ITEM, None)
    again = applied(live)
    assert "progressDeadlineSeconds" not in again["spec"] and "status" not in again
    assert again["metadata"] == {"name": "web", "labels": {"app": "web"}, "annotations": {}}
    assert container(again)["env"][0] == {"name": "A", "value": "1"}


@pytest.mark.parametrize("change", DIFFERENT.values(), ids=DIFFERENT)
def test_what_differs_was_not_applied(change):
    assert not is_applied(edited(change), delivered().live)


def test_a_secret_s_texts_are_its_data():
    item = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"a": "b"}}
    live = Owned(kinds.SECRET).applied(item).live
    live["data"] = {"a": "Yg=="}
    del live["stringData"]
    assert is_applied(item, live) and not is_applied({**item, "stringData": {"a": "c"}}, live)


def by_kubectl(item: dict = ITEM) -> Owned:
    """As kubectl leaves it when it applies from its own side: it owns the server's defaults, too."""

    def make(live: dict) -> None:
        live.update(copy.deepcopy(item))
        live["metadata"]["annotations"] = {LAST_APPLIED: json.dumps(item)}
        fill_in(live)

    return Owned().changed(make, "kubectl-client-side-apply")


def test_what_kubectl_applied_from_its_own_side_is_taken_over_once_without_loss():
    owned = by_kubectl()
    assert foreign_fields([ITEM], [owned.live]) == [] == beyond_diff([ITEM], [owned.live], [])
    smaller = edited(lambda item: container(item)["env"].pop())
    [said] = beyond_diff([smaller], [owned.live], [])
    assert said.startswith("deployment.apps/web: kubectl-client-side-apply applied it before; the delivery")
    [entry] = taken_over(ITEM, owned.live)
    assert (entry["manager"], entry["operation"]) == ("aks-flow", "Apply")
    after = owned.with_owners([entry]).applied(smaller)
    assert is_applied(smaller, after.live) and to_take_over([ITEM], [after.live]) == []
    assert (
        len(container(after.live)["env"]) == 1 and LAST_APPLIED not in after.live["metadata"]["annotations"]
    )


DEPLOYERS = {
    "Helm 3": ("helm", False),
    "Helm 4": ("helm", True),
    "kubectl apply --server-side": ("kubectl", True),
    "Argo CD": ("argocd-controller", False),
    "Argo CD, from the server's side": ("argocd-controller", True),
    "Flux": ("kustomize-controller", True),
    "Flux's releases": ("helm-controller", False),
}


@pytest.mark.parametrize(("manager", "applies"), DEPLOYERS.values(), ids=DEPLOYERS)
def test_what_another_program_delivered_is_taken_over_once_without_loss(manager, applies):
    """Or what has left the manifests would stay: it would go on to be the other program's."""

    def make(live: dict) -> None:
        live.update(copy.deepcopy(ITEM))

    owned = Owned().applied(ITEM, manager) if applies else Owned().changed(make, manager)
    smaller = edited(lambda item: container(item)["env"].pop())
    said = f"deployment.apps/web: {manager} applied it before; the delivery takes it over"
    assert beyond_diff([smaller], [owned.live], []) == [said]
    after = owned.with_owners(taken_over(ITEM, owned.live)).applied(smaller)
    assert is_applied(smaller, after.live) and to_take_over([ITEM], [after.live]) == []
    assert len(container(after.live)["env"]) == 1


@pytest.mark.parametrize(("manager", "applies"), DEPLOYERS.values(), ids=DEPLOYERS)
def test_what_another_program_delivers_after_a_delivery_is_taken_over_too(manager, applies):
    owned = delivered()
    more = edited(set_env)
    owned = owned.applied(more, manager) if applies else owned.changed(set_env, manager)
    [field] = foreign_fields([ITEM], [owned.live])
    assert (field.manager, field.added, field.by_hand) == (manager, True, True)
    after = owned.with_owners(taken_over(ITEM, owned.live)).applied(ITEM)
    assert [item["name"] for item in container(after.live)["env"]] == ["A", "N"]


@pytest.mark.parametrize("kind", [kinds.NAMESPACE, kinds.SERVICE_ACCOUNT])
def test_what_says_nothing_but_its_name_was_applied_by_nobody_else(kind):
    """The server keeps no owner of it, and then notes what it has as of before the first apply."""
    bare = {"apiVersion": "v1", "kind": kind.kind, "metadata": {"name": "shop"}}
    live = Owned(kind).applied(bare).live
    live["metadata"]["managedFields"] = [
        {
            "manager": "before-first-apply",
            "operation": "Update",
            "apiVersion": "v1",
            "fieldsType": "FieldsV1",
            "fieldsV1": {"f:metadata": {"f:labels": {"f:kubernetes.io/metadata.name": {}}}},
        }
    ]
    assert is_applied(bare, live) and not is_applied(bare, None)
    assert beyond_diff([bare], [live], []) == []
    name = output.object_name(bare)
    left = leftovers({name: bare}, [live], keep=False)
    assert left.removed == (name,) or kind == kinds.NAMESPACE


def test_an_apply_of_a_person_s_after_a_delivery_is_a_change_by_hand():
    def apply(live: dict) -> None:
        annotate(live, LAST_APPLIED)
        set_env(live)

    owned = delivered().changed(apply, "kubectl-client-side-apply")
    [field] = foreign_fields([ITEM], [owned.live])
    assert field.path.endswith('env[name="DEBUG"]') and to_take_over([ITEM], [owned.live])


def test_an_object_of_nobody_s_is_configured_by_all_but_what_is_the_server_s():
    live = {**ITEM, "metadata": {**ITEM["metadata"], "uid": "u", "managedFields": []}, "status": {}}
    assert configuration(live) == ITEM and applied(live) is None


SETS = {
    "apart": ({"f:a": {}}, {"f:b": {}}, {"f:a": {}, "f:b": {}}),
    "one below the other": ({"f:a": {}}, {"f:a": {"f:b": {}}}, {"f:a": {".": {}, "f:b": {}}}),
    "the same": ({"f:a": {"f:b": {}}}, {"f:a": {"f:b": {}}}, {"f:a": {"f:b": {}}}),
}


@pytest.mark.parametrize(("one", "other", "both"), SETS.values(), ids=SETS)
def test_two_sets_are_joined(one, other, both):
    assert field_set.union(one, other) == both == field_set.union(other, one)


@pytest.mark.parametrize(
    ("path", "rest"),
    [
        (("f:a", "f:b"), {"f:c": {}}),
        (("f:c",), {"f:a": {".": {}, "f:b": {}}}),
        (("f:a", "f:x"), {"f:a": {".": {}, "f:b": {}}, "f:c": {}}),
        (("f:x", "f:y"), {"f:a": {".": {}, "f:b": {}}, "f:c": {}}),
    ],
)
def test_a_field_is_left_out_with_what_only_led_to_it(path, rest):
    assert field_set.without({"f:a": {".": {}, "f:b": {}}, "f:c": {}}, [path]) == rest
