"""Objects over HTTP: create, read, change, delete, in the forms and with the answers that clients rely on."""

import pytest

DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments"
CONFIG_MAPS = "/api/v1/namespaces/default/configmaps"
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
METADATA = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"
MERGE = "application/merge-patch+json"


def a_deployment(name: str = "web") -> dict:
    template = {
        "metadata": {"labels": {"app": name}},
        "spec": {"containers": [{"name": "web", "image": "registry/web:1"}]},
    }
    spec = {"replicas": 2, "selector": {"matchLabels": {"app": name}}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec}


def a_config_map(name: str, **labels: str) -> dict:
    return {"metadata": {"name": name, "labels": labels}, "data": {"k": "v"}}


@pytest.fixture
def web(server) -> dict:
    created = server.call("POST", DEPLOYMENTS, a_deployment())
    assert created.status == 201
    return created.body


def test_an_object_is_created_with_its_defaults(web):
    assert web["metadata"]["generation"] == 1
    assert web["spec"]["strategy"]["type"] == "RollingUpdate"
    assert web["spec"]["template"]["spec"]["restartPolicy"] == "Always"


def test_an_object_can_be_read_again(server, web):
    assert server.call("GET", f"{DEPLOYMENTS}/web").body == web


def test_a_time_in_another_form_is_the_same_moment(server, web):
    other = web["metadata"]["creationTimestamp"].replace("Z", "+00:00")
    sent = web | {"metadata": web["metadata"] | {"creationTimestamp": other}}
    replaced = server.call("PUT", f"{DEPLOYMENTS}/web", sent)
    assert (replaced.status, replaced.body) == (200, web)


def test_yaml_is_understood(server):
    text = "metadata: {name: a}\ndata: {k: v}\n"
    assert server.call("POST", CONFIG_MAPS, text, content_type="application/yaml").status == 201


def test_a_merge_patch_changes_one_field(server, web):
    patched = server.call("PATCH", f"{DEPLOYMENTS}/web", {"spec": {"replicas": 5}}, content_type=MERGE)
    assert patched.status == 200
    assert (patched.body["spec"]["replicas"], patched.body["metadata"]["generation"]) == (5, 2)


def test_a_patch_of_what_is_not_there_is_not_found(server):
    answer = server.call("PATCH", f"{DEPLOYMENTS}/web", {"spec": {}}, content_type=MERGE)
    assert answer.status == 404


def test_a_dry_run_answers_as_if_and_keeps_nothing(server, web):
    created = server.call("POST", f"{DEPLOYMENTS}?dryRun=All", a_deployment("other"))
    assert created.status == 201 and created.body["metadata"]["uid"]
    path = f"{DEPLOYMENTS}/web?dryRun=All"
    assert (
        server.call("PATCH", path, {"spec": {"replicas": 5}}, content_type=MERGE).body["spec"]["replicas"]
        == 5
    )
    assert server.call("DELETE", path).status == 200
    assert [item["metadata"]["name"] for item in server.call("GET", DEPLOYMENTS).body["items"]] == ["web"]
    assert server.call("GET", f"{DEPLOYMENTS}/web").body == web


def test_the_writer_is_recorded(server):
    created = server.call("POST", f"{CONFIG_MAPS}?fieldManager=me", a_config_map("a")).body
    assert [entry["manager"] for entry in created["metadata"]["managedFields"]] == ["me"]
    path = f"{CONFIG_MAPS}/a?fieldManager=you"
    updated = server.call("PATCH", path, {"data": {"x": "y"}}, content_type=MERGE).body
    assert [entry["manager"] for entry in updated["metadata"]["managedFields"]] == ["me", "you"]


def test_a_deletion_is_answered_with_a_status(server, web):
    answer = server.call("DELETE", f"{DEPLOYMENTS}/web", {"propagationPolicy": "Background"})
    details = {"name": "web", "group": "apps", "kind": "deployments", "uid": web["metadata"]["uid"]}
    assert answer.body == {
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details,
    }  # fmt: skip
    assert server.call("GET", f"{DEPLOYMENTS}/web").status == 404


def test_a_deletion_that_has_to_wait_is_answered_with_the_object(server, web):
    answer = server.call("DELETE", f"{DEPLOYMENTS}/web", {"propagationPolicy": "Foreground"})
    assert answer.body["metadata"]["finalizers"] == ["foregroundDeletion"]
    assert server.call("GET", f"{DEPLOYMENTS}/web").status == 200


def test_a_collection_is_deleted_by_its_labels(server):
    for name, app in (("a", "web"), ("b", "web"), ("c", "api")):
        server.call("POST", CONFIG_MAPS, a_config_map(name, app=app))
    gone = server.call("DELETE", f"{CONFIG_MAPS}?labelSelector=app%3Dweb")
    assert [item["metadata"]["name"] for item in gone.body["items"]] == ["a", "b"]
    left = server.call("GET", CONFIG_MAPS).body["items"]
    assert [item["metadata"]["name"] for item in left] == ["c", "kube-root-ca.crt"]


def test_a_list_is_a_list_of_its_kind(server, web):
    answer = server.call("GET", DEPLOYMENTS).body
    assert (answer["kind"], answer["apiVersion"]) == ("DeploymentList", "apps/v1")
    assert answer["metadata"]["resourceVersion"] == web["metadata"]["resourceVersion"]
    assert "kind" not in answer["items"][0]


def test_a_list_over_all_namespaces(server):
    answer = server.call("GET", "/api/v1/configmaps?fieldSelector=metadata.name%3Dkube-root-ca.crt")
    namespaces = [item["metadata"]["namespace"] for item in answer.body["items"]]
    assert namespaces == ["default", "kube-node-lease", "kube-public", "kube-system"]


def test_a_long_list_comes_in_pages(server):
    for number in range(5):
        server.call("POST", CONFIG_MAPS, a_config_map(f"a{number}", app="x"))
    names, token = [], ""
    while True:
        path = f"{CONFIG_MAPS}?labelSelector=app%3Dx&limit=2&continue={token}"
        page = server.call("GET", path).body
        names.append([item["metadata"]["name"] for item in page["items"]])
        token = page["metadata"].get("continue", "")
        if not token:
            break
        assert "remainingItemCount" not in page["metadata"], "what is selected is not counted"
    assert names == [["a0", "a1"], ["a2", "a3"], ["a4"]]


def test_every_page_of_a_list_shows_the_moment_of_the_first(server):
    for number in range(4):
        server.call("POST", CONFIG_MAPS, a_config_map(f"a{number}"))
    first = server.call("GET", f"{CONFIG_MAPS}?limit=2").body
    assert first["metadata"]["remainingItemCount"] == 3
    server.call("DELETE", f"{CONFIG_MAPS}/a2")
    server.call("PATCH", f"{CONFIG_MAPS}/a3", {"data": {"k": "new"}}, content_type=MERGE)
    server.call("POST", CONFIG_MAPS, a_config_map("a4"))
    rest = server.call("GET", f"{CONFIG_MAPS}?continue={first['metadata']['continue']}").body
    assert [item["metadata"]["name"] for item in rest["items"]] == ["a2", "a3", "kube-root-ca.crt"]
    assert rest["items"][1]["data"] == {"k": "v"}
    assert rest["metadata"]["resourceVersion"] == first["metadata"]["resourceVersion"]


def test_a_page_whose_moment_is_forgotten_says_how_to_go_on(server):
    for number in range(3):
        server.call("POST", CONFIG_MAPS, a_config_map(f"a{number}"))
    token = server.call("GET", f"{CONFIG_MAPS}?limit=1").body["metadata"]["continue"]
    server.api.objects.store.oldest = server.api.objects.store.revision + 1
    refused = server.call("GET", f"{CONFIG_MAPS}?continue={token}")
    assert (refused.status, refused.body["reason"]) == (410, "Expired")
    rest = server.call("GET", f"{CONFIG_MAPS}?continue={refused.body['metadata']['continue']}").body
    assert [item["metadata"]["name"] for item in rest["items"]] == ["a1", "a2", "kube-root-ca.crt"]


def test_a_list_can_be_of_an_exact_earlier_moment(server):
    before = server.call("POST", CONFIG_MAPS, a_config_map("a")).body["metadata"]["resourceVersion"]
    server.call("DELETE", f"{CONFIG_MAPS}/a")
    query = f"resourceVersion={before}&resourceVersionMatch=Exact&fieldSelector=metadata.name%3Da"
    (item,) = server.call("GET", f"{CONFIG_MAPS}?{query}").body["items"]
    assert item["metadata"]["name"] == "a"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/api/v1/pods?fieldSelector=spec.x%3Dy", "field label not supported: spec.x"),
        (
            "/api/v1/configmaps?fieldSelector=data.x%3Dy",
            '"data.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
        ),
        ("/api/v1/pods?labelSelector=a%3Db%3Dc", "found '=', expected: ',' or 'end of string'"),
        ("/api/v1/pods?labelSelector=a%20b", "unable to parse requirement: found 'b', expected: in, notin,"),
        ("/api/v1/pods?labelSelector=a%20in%20b", "unable to parse requirement: found 'b' expected: '('"),
        ("/api/v1/pods?labelSelector=a%3D-b", 'values[0][a]: Invalid value: "-b": a valid label must be'),
    ],
)
def test_a_selector_that_selects_nothing_known_is_refused(server, path, text):
    answer = server.call("GET", path)
    assert (answer.status, text in answer.body["message"]) == (400, True), answer.text


def test_a_table_has_a_row_for_each_object(server, web):
    table = server.call("GET", DEPLOYMENTS, accept=TABLE).body
    assert (table["kind"], table["apiVersion"]) == ("Table", "meta.k8s.io/v1")
    assert [column["name"] for column in table["columnDefinitions"]][:4] == [
        "Name", "Ready", "Up-to-date", "Available",
    ]  # fmt: skip
    (row,) = table["rows"]
    assert row["cells"][:2] == ["web", "0/2"]
    assert (row["object"]["kind"], row["object"]["metadata"]) == ("PartialObjectMetadata", web["metadata"])


def test_one_object_can_be_a_table_too(server, web):
    table = server.call("GET", f"{DEPLOYMENTS}/web?includeObject=Object", accept=TABLE).body
    assert table["rows"][0]["object"]["spec"] == web["spec"]


def test_metadata_can_be_had_alone(server, web):
    answer = server.call("GET", DEPLOYMENTS, accept=METADATA).body
    assert answer["kind"] == "PartialObjectMetadataList"
    assert answer["items"][0] == {
        "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": web["metadata"],
    }  # fmt: skip


def test_an_update_of_what_someone_else_changed_is_a_conflict(server, web):
    server.call("PATCH", f"{DEPLOYMENTS}/web", {"spec": {"replicas": 5}}, content_type=MERGE)
    answer = server.call("PUT", f"{DEPLOYMENTS}/web", web | {"spec": web["spec"] | {"replicas": 1}})
    assert (answer.status, answer.body["reason"]) == (409, "Conflict")
    stale = {"metadata": {"resourceVersion": "1"}, "spec": {"replicas": 1}}
    assert server.call("PATCH", f"{DEPLOYMENTS}/web", stale, content_type=MERGE).status == 409


def test_a_lease_is_replaced_only_by_who_has_read_it(server):
    leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases"
    server.call("POST", leases, {"metadata": {"name": "lock"}, "spec": {"holderIdentity": "run-1"}})
    answer = server.call(
        "PUT", f"{leases}/lock", {"metadata": {"name": "lock"}, "spec": {"holderIdentity": "run-2"}}
    )
    assert answer.status == 422
    assert "metadata.resourceVersion" in answer.body["message"]


def test_replicas_can_be_scaled(server, web):
    path = f"{DEPLOYMENTS}/web/scale"
    scale = server.call("GET", path).body
    assert (scale["kind"], scale["apiVersion"], scale["spec"]) == ("Scale", "autoscaling/v1", {"replicas": 2})
    assert scale["status"] == {"replicas": 0, "selector": "app=web"}
    assert server.call("PATCH", path, {"spec": {"replicas": 3}}, content_type=MERGE).body["spec"] == {
        "replicas": 3
    }
    assert server.call("PUT", path, scale | {"spec": {"replicas": 4}}).status == 409
    assert server.call("GET", f"{DEPLOYMENTS}/web").body["spec"]["replicas"] == 3
    refused = server.call("PATCH", path, {"spec": {"replicas": -1}}, content_type=MERGE)
    assert (refused.status, refused.body["details"]["kind"]) == (422, "Scale")


def test_status_is_written_by_its_own_path(server, web):
    path = f"{DEPLOYMENTS}/web/status"
    changed = {"status": {"replicas": 2}, "spec": {"replicas": 9}}
    answer = server.call("PATCH", path, changed, content_type=MERGE).body
    assert (answer["status"]["replicas"], answer["spec"]["replicas"]) == (2, 2)


def test_a_pod_is_bound_to_one_node_once(server):
    pods = "/api/v1/namespaces/default/pods"
    server.call("POST", pods, {"metadata": {"name": "p"}, "spec": a_deployment()["spec"]["template"]["spec"]})
    binding = {"metadata": {"name": "p"}, "target": {"kind": "Node", "name": "node-1"}}
    assert server.call("POST", f"{pods}/p/binding", binding).status == 201
    assert server.call("GET", f"{pods}/p").body["spec"]["nodeName"] == "node-1"
    assert server.call("POST", f"{pods}/p/binding", binding).status == 409


def test_an_eviction_asks_the_disruption_budget(server):
    pods, budgets = (
        "/api/v1/namespaces/default/pods",
        "/apis/policy/v1/namespaces/default/poddisruptionbudgets",
    )
    template = a_deployment()["spec"]["template"]
    server.call("POST", pods, template | {"metadata": {"name": "p", "labels": {"app": "web"}}})
    budget = {
        "metadata": {"name": "web"},
        "spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "web"}}},
    }
    server.call("POST", budgets, budget)
    eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "p"}}
    refused = server.call("POST", f"{pods}/p/eviction", eviction)
    assert (refused.status, refused.body["reason"]) == (429, "TooManyRequests")
    allowed = {"status": {"disruptionsAllowed": 1}}
    server.call("PATCH", f"{budgets}/web/status", allowed, content_type=MERGE)
    assert server.call("POST", f"{pods}/p/eviction", eviction).status == 201
    assert server.call("GET", f"{pods}/p").status == 404


def test_the_holder_of_the_token_may_do_everything(server):
    review = {"spec": {"resourceAttributes": {"verb": "create", "resource": "deployments"}}}
    path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
    answer = server.call("POST", path, review)
    assert (answer.status, answer.body["status"]) == (201, {"allowed": True})


def test_events_are_selected_by_what_reported_them(server):
    events = "/api/v1/namespaces/default/events"
    for name in ("kubelet", "scheduler"):
        involved = {"kind": "Pod", "name": "p", "namespace": "default"}
        event = {"metadata": {"name": name}, "involvedObject": involved, "source": {"component": name}}
        assert server.call("POST", events, event).status == 201
    selected = server.call("GET", f"{events}?fieldSelector=source%3Dkubelet,involvedObject.name%3Dp").body[
        "items"
    ]
    assert [item["metadata"]["name"] for item in selected] == ["kubelet"]


def test_lists_show_each_object_as_it_is_now_and_in_the_version_asked_for(server):
    base = "/namespaces/default/horizontalpodautoscalers"
    new, old = f"/apis/autoscaling/v2{base}", f"/apis/autoscaling/v1{base}"
    target = {"kind": "Deployment", "name": "web"}
    item = {"metadata": {"name": "web"}, "spec": {"maxReplicas": 2, "scaleTargetRef": target}}
    server.call("POST", old, item | {"spec": item["spec"] | {"targetCPUUtilizationPercentage": 60}})
    for most in (2, 3):
        change = {"spec": {"maxReplicas": most}}
        server.call("PATCH", f"{new}/web", change, content_type="application/merge-patch+json")
        listed = [server.call("GET", path).body["items"][0] for path in (new, old)]
        assert [autoscaler["spec"]["maxReplicas"] for autoscaler in listed] == [most, most]
        assert "metrics" in listed[0]["spec"] and "kind" not in listed[0]
        assert listed[1]["spec"]["targetCPUUtilizationPercentage"] == 60
