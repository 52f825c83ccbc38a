"""Server-side apply over HTTP and with the real kubectl: ownership, conflicts, refusals."""

import pytest

from tests.unit.rehearsal.standins.kubernetes.test_http_kubectl import WEB, kubectl  # noqa: F401  (a fixture)

CONFIG_MAPS = "/api/v1/namespaces/default/configmaps"
DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments"
APPLY = "application/apply-patch+yaml"


def config_map(**data: str) -> dict:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": data}


def deployment(**spec) -> dict:
    template = {
        "metadata": {"labels": {"app": "web"}},
        "spec": {"containers": [{"name": "web", "image": "registry/web:1"}]},
    }
    spec = {"selector": {"matchLabels": {"app": "web"}}, "template": template} | spec
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": spec}


@pytest.fixture
def apply(server):
    def send(item: dict, manager: str = "one", path: str = f"{CONFIG_MAPS}/a", **query: str):
        options = "&".join(f"{key}={value}" for key, value in ({"fieldManager": manager} | query).items())
        return server.call("PATCH", f"{path}?{options}", item, content_type=APPLY)

    return send


def managers(answer) -> list[tuple]:
    entries = answer.body["metadata"].get("managedFields") or ()
    return [(entry["manager"], entry["operation"], entry.get("subresource", "")) for entry in entries]


def test_what_is_not_there_is_created(apply):
    answer = apply(config_map(k="v"))
    assert (answer.status, answer.body["data"]) == (201, {"k": "v"})
    assert managers(answer) == [("one", "Apply", "")]


def test_applying_the_same_again_writes_nothing(apply):
    first = apply(config_map(k="v")).body
    assert apply(config_map(k="v")).body == first


def test_managers_of_different_fields_live_together(apply):
    apply(config_map(one="1"))
    answer = apply(config_map(two="2"), "two")
    assert (answer.status, answer.body["data"]) == (200, {"one": "1", "two": "2"})
    assert managers(answer) == [("one", "Apply", ""), ("two", "Apply", "")]


def test_a_field_with_another_owner_is_a_conflict_that_can_be_forced(apply):
    apply(config_map(k="v"))
    refused = apply(config_map(k="w"), "two")
    assert (refused.status, refused.body["reason"]) == (409, "Conflict")
    assert refused.body["message"] == 'Apply failed with 1 conflict: conflict with "one": .data.k'
    cause = {"reason": "FieldManagerConflict", "message": 'conflict with "one"', "field": ".data.k"}
    assert refused.body["details"]["causes"] == [cause]
    forced = apply(config_map(k="w"), "two", force="true")
    assert (forced.body["data"], managers(forced)) == ({"k": "w"}, [("two", "Apply", "")])


def test_a_field_of_the_same_value_is_shared(apply):
    apply(config_map(k="v"))
    answer = apply(config_map(k="v"), "two")
    assert (answer.status, len(managers(answer))) == (200, 2)
    assert "k" in apply(config_map()).body["data"]
    assert "data" not in apply(config_map(), "two").body


def test_a_field_no_longer_applied_is_gone_unless_another_has_it(apply, server):
    apply(config_map(k="v", kept="v"))
    assert apply(config_map(kept="v")).body["data"] == {"kept": "v"}


def test_an_object_keeps_its_metadata_when_its_only_label_goes(apply):
    apply(config_map(k="v") | {"metadata": {"name": "a", "labels": {"x": "y"}}})
    answer = apply(config_map(k="v"))
    assert (answer.status, "labels" in answer.body["metadata"]) == (200, False)


def test_an_item_of_a_list_has_owners_of_its_own(apply):
    path = f"{DEPLOYMENTS}/web"
    assert apply(deployment(), path=path).status == 201
    sidecar = {"containers": [{"name": "log", "image": "registry/log:1"}]}
    more = deployment(template={"spec": sidecar})
    del more["spec"]["selector"]
    both = apply(more, "two", path).body["spec"]["template"]["spec"]["containers"]
    assert [container["name"] for container in both] == ["web", "log"]
    del more["spec"]["template"]["spec"]["containers"]
    (left,) = apply(more, "two", path).body["spec"]["template"]["spec"]["containers"]
    assert left["name"] == "web"


def test_status_has_an_owner_of_its_own(apply, server):
    path = f"{DEPLOYMENTS}/web"
    apply(deployment(), path=path)
    item = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}}
    answer = apply(item | {"status": {"replicas": 3}}, "controller", f"{path}/status")
    assert answer.body["status"]["replicas"] == 3
    # The earlier second first; of one second, by name.
    assert sorted(managers(answer)) == [("controller", "Apply", "status"), ("one", "Apply", "")]
    assert apply(item | {"status": {"replicas": 9}}, "two", path).body["status"]["replicas"] == 3


def test_a_scale_is_a_conflict_for_whoever_applied_the_replicas(apply, server):
    path = f"{DEPLOYMENTS}/web"
    apply(deployment(replicas=2), path=path)
    server.call(
        "PATCH", f"{path}/scale?fieldManager=hpa", {"spec": {"replicas": 5}},
        content_type="application/merge-patch+json",
    )  # fmt: skip
    refused = apply(deployment(replicas=2), path=path)
    conflict = 'conflict with "hpa" with subresource "scale" using apps/v1: .spec.replicas'
    assert refused.body["message"] == f"Apply failed with 1 conflict: {conflict}"
    assert apply(deployment(), path=path).body["spec"]["replicas"] == 5


def test_a_dry_run_changes_nothing(apply, server):
    assert apply(config_map(k="v"), dryRun="All").status == 201
    assert server.call("GET", f"{CONFIG_MAPS}/a").status == 404


def test_owners_can_be_forgotten(apply, server):
    apply(config_map(k="v"))
    reset = [{"op": "replace", "path": "/metadata/managedFields", "value": [{}]}]
    answer = server.call("PATCH", f"{CONFIG_MAPS}/a", reset, content_type="application/json-patch+json")
    assert managers(answer) == []
    answer = apply(config_map(k="w"), "two")
    assert answer.status == 409
    assert 'conflict with "before-first-apply" using v1: .data.k' in answer.body["message"]


def test_old_writers_become_one(server):
    server.call("POST", f"{CONFIG_MAPS}?fieldManager=m0", config_map(k="v"))
    for number in range(1, 13):
        change = {"data": {f"k{number}": "v"}}
        answer = server.call(
            "PATCH", f"{CONFIG_MAPS}/a?fieldManager=m{number}", change,
            content_type="application/merge-patch+json",
        )  # fmt: skip
    written = managers(answer)
    assert len(written) == 10
    assert ("ancient-changes", "Update", "") in written


@pytest.mark.parametrize(
    ("change", "query", "status", "text"),
    [
        ({}, {"manager": ""}, 422, "fieldManager: Required value: is required for apply patch"),
        ({"apiVersion": "v2"}, {}, 400, "Specified patch version: v2, expected: v1"),
        ({"kind": "Secret"}, {}, 400, "cannot be handled as a ConfigMap"),
        ({"metadata": {"name": "b"}}, {}, 400, "does not match the name on the URL"),
        ({"metadata": {"name": "a", "managedFields": []}}, {}, 400, "metadata.managedFields must be nil"),
        ({"daten": {}}, {}, 400, "(default/a; v1, Kind=ConfigMap): .daten: field not declared in schema"),
        ({"metadata": {"name": "a", "uid": "x"}}, {}, 409, "UID in precondition: x"),
        ({"metadata": {"name": "a", "resourceVersion": "1"}}, {}, 409, "the object has been modified"),
    ],
)
def test_what_cannot_be_applied_is_refused(apply, change, query, status, text):
    apply(config_map(k="v"))
    answer = apply(config_map(k="v") | change, **query)
    assert (answer.status, text in answer.body["message"]) == (status, True), answer.text


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"env": [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]}, '.env: {} [name="A"]'),
        ({"ports": [{"containerPort": 80, "name": "a"}, {"containerPort": 80, "name": "b"}]},
         '.ports: {} [containerPort=80,protocol="TCP"]'),
        ({"volumeMounts": [{"name": name, "mountPath": "/a"} for name in "vw"]},
         '.volumeMounts: {} [mountPath="/a"]'),
    ],
    ids=["a variable", "a port", "a mount"],
)  # fmt: skip
def test_what_is_applied_has_no_item_of_a_list_twice(apply, server, fields, text):
    item = deployment()
    item["spec"]["template"]["spec"]["containers"][0] |= fields
    refused = apply(item, path=f"{DEPLOYMENTS}/web")
    where = '.spec.template.spec.containers[name="web"]' + text.format("duplicate entries for key")
    named = "(default/web; apps/v1, Kind=Deployment)"
    assert refused.status == 400
    assert refused.body["message"] == f"failed to create typed patch object {named}: {where}"


def test_only_an_apply_patch_can_be_forced(server):
    server.call("POST", CONFIG_MAPS, config_map())
    answer = server.call(
        "PATCH", f"{CONFIG_MAPS}/a?force=true", {}, content_type="application/merge-patch+json"
    )
    assert (answer.status, "force: Forbidden" in answer.body["message"]) == (422, True)


def test_kubectl_moves_from_its_own_apply_to_the_server_s_and_back(kubectl):  # noqa: F811
    kubectl("apply", "-f", "-", stdin=WEB)
    assert (
        kubectl("apply", "--server-side", "-f", "-", stdin=WEB) == "deployment.apps/web serverside-applied\n"
    )
    managed = "jsonpath={.metadata.managedFields[*].manager}"
    shown = kubectl("get", "deployment", "web", "--show-managed-fields", "-o", managed).split()
    assert sorted(shown) == ["kubectl", "kubectl-last-applied"]
    changed = WEB.replace("web:1", "web:2")
    assert kubectl("apply", "--server-side", "-f", "-", stdin=changed)
    assert kubectl("apply", "-f", "-", stdin=changed) == "deployment.apps/web configured\n"
    assert kubectl("apply", "-f", "-", stdin=changed) == "deployment.apps/web unchanged\n"


def test_kubectl_shows_what_server_side_apply_would_change(kubectl):  # noqa: F811
    kubectl("apply", "--server-side", "--field-manager=ci", "-f", "-", stdin=WEB)
    changed = WEB.replace("replicas: 2", "replicas: 3")
    shown = kubectl("diff", "--server-side", "--field-manager=ci", "-f", "-", stdin=changed, expects=1)
    assert "+  replicas: 3" in shown
    refused = kubectl("apply", "--server-side", "-f", "-", stdin=changed, code=1)
    assert 'Apply failed with 1 conflict: conflict with "ci": .spec.replicas' in refused


def test_replicas_are_applied_through_the_scale(server, apply):
    server.call("POST", DEPLOYMENTS, deployment(replicas=1))
    scale = {"apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": {"name": "web"}}
    path = f"{DEPLOYMENTS}/web/scale"
    answer = apply(scale | {"spec": {"replicas": 3}}, "autoscaler", path)
    assert (answer.status, answer.body["reason"]) == (409, "Conflict")
    answer = apply(scale | {"spec": {"replicas": 3}}, "autoscaler", path, force="true")
    assert (answer.status, answer.body["kind"], answer.body["spec"]) == (200, "Scale", {"replicas": 3})
    stored = server.call("GET", f"{DEPLOYMENTS}/web")
    assert stored.body["spec"]["replicas"] == 3
    assert ("autoscaler", "Apply", "scale") in managers(stored)
    refused = apply(scale | {"spec": {"replicass": 3}}, "autoscaler", path)
    assert ".spec.replicass: field not declared in schema" in refused.body["message"]
