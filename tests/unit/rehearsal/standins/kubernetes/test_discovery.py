"""What clients find out about the server before they do anything."""

import pytest

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"
PROTOBUF = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"


def test_the_version_is_one_that_kubectl_understands(server):
    version = server.call("GET", "/version").body
    assert (version["major"], version["gitVersion"]) == ("1", "v1.36.2")


@pytest.mark.parametrize("path", ["/healthz", "/livez", "/readyz"])
def test_the_server_says_that_it_is_well(server, path):
    answer = server.call("GET", path)
    assert (answer.status, answer.text) == (200, "ok")


def test_groups_and_their_resources_can_be_found(server):
    assert server.call("GET", "/api").body["versions"] == ["v1"]
    groups = {group["name"]: group for group in server.call("GET", "/apis").body["groups"]}
    assert {"apps", "batch", "autoscaling", "policy", "networking.k8s.io"} <= groups.keys()
    assert server.call("GET", "/apis/apps").body["preferredVersion"] == groups["apps"]["preferredVersion"]
    for group in groups.values():
        for version in group["versions"]:
            listed = server.call("GET", f"/apis/{version['groupVersion']}").body
            assert (listed["groupVersion"], bool(listed["resources"])) == (version["groupVersion"], True)


def test_a_resource_says_how_it_can_be_used(server):
    resources = {
        resource["name"]: resource for resource in server.call("GET", "/apis/apps/v1").body["resources"]
    }
    deployments = resources["deployments"]
    assert deployments == {
        "name": "deployments",
        "singularName": "deployment",
        "namespaced": True,
        "kind": "Deployment",
        "verbs": ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
        "shortNames": ["deploy"],
        "categories": ["all"],
        "storageVersionHash": "8aSe+NMegvE=",
    }
    assert resources["deployments/scale"] == {
        "name": "deployments/scale",
        "singularName": "",
        "namespaced": True,
        "group": "autoscaling",
        "version": "v1",
        "kind": "Scale",
        "verbs": ["get", "patch", "update"],
    }


def test_the_aggregated_form_says_the_same(server):
    answer = server.call("GET", "/apis", accept=AGGREGATED)
    assert "g=apidiscovery.k8s.io" in answer.headers["Content-Type"]
    (apps,) = [item for item in answer.body["items"] if item["metadata"]["name"] == "apps"]
    (version,) = apps["versions"]
    plain = server.call("GET", "/apis/apps/v1").body["resources"]
    assert [resource["resource"] for resource in version["resources"]] == [
        resource["name"] for resource in plain if "/" not in resource["name"]
    ]
    (core,) = server.call("GET", "/api", accept=AGGREGATED).body["items"]
    assert "pods" in [resource["resource"] for resource in core["versions"][0]["resources"]]


def test_openapi_names_a_document_for_each_group(server):
    paths = server.call("GET", "/openapi/v3").body["paths"]
    for name, place in paths.items():
        document = server.call("GET", place["serverRelativeURL"]).body
        assert document["openapi"] == "3.0.0", name


@pytest.mark.parametrize("name", ["api", "apis", "apis/apps", "version", "openid/v1/jwks"])
def test_openapi_has_a_document_for_what_is_no_resource(server, name):
    place = server.call("GET", "/openapi/v3").body["paths"][name]["serverRelativeURL"]
    (path,) = server.call("GET", place).body["paths"]
    assert server.call("GET", path.rstrip("/")).status == 200


def test_openapi_says_which_kinds_take_field_validation(server):
    paths = server.call("GET", "/openapi/v3/apis/apps/v1").body["paths"]
    patch = paths["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"]["patch"]
    named = {"group": "apps", "version": "v1", "kind": "Deployment"}
    assert patch["x-kubernetes-group-version-kind"] == named
    assert "fieldValidation" in [parameter["name"] for parameter in patch["parameters"]]


def test_openapi_is_sent_again_only_if_it_changed(server):
    tag = server.call("GET", "/openapi/v3").headers["Etag"]
    assert server.call("GET", "/openapi/v3", if_none_match=tag).status == 304


def test_the_older_openapi_is_there_in_both_its_forms(server):
    assert server.call("GET", "/openapi/v2").body["swagger"] == "2.0"
    answer = server.run(_bytes(server, "/openapi/v2", {"Accept": PROTOBUF}))
    assert answer.startswith(b"\x0a\x032.0")


async def _bytes(server, path: str, headers: dict) -> bytes:
    async with server.session.get(server.url + path, headers=server.headers | headers) as answer:
        return await answer.read()
