"""The controller's view of a cluster, on the stand-in's own API: calls, kinds, copies kept current."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from aks_flow.rehearsal.standins import argocd
from aks_flow.rehearsal.standins.argocd import names
from aks_flow.rehearsal.standins.argocd.api import ApiError, ClusterApi
from aks_flow.rehearsal.standins.argocd.live_state import LiveStateCache
from aks_flow.rehearsal.standins.argocd.object_refs import Ref
from tests.unit.rehearsal.standins.kubernetes.conftest import TOKEN, Server, serving

MAPS = "/api/v1/namespaces/default/configmaps"
DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
DEFINITION = yaml.safe_load(Path(argocd.__file__).with_name("crds").joinpath("app-project.yaml").read_text())
PROJECT = {"apiVersion": names.API_VERSION, "kind": "AppProject", "spec": {}}
VOTE = Ref(names.GROUP, "AppProject", "default", "vote")


@pytest.fixture
def server(tmp_path):
    with serving(tmp_path / "cluster.db") as running:
        yield running


@pytest.fixture
def api(server: Server, tmp_path) -> ClusterApi:
    access = {
        "clusters": [{"name": "c", "cluster": {"server": server.url}}],
        "users": [{"name": "u", "user": {"token": TOKEN}}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "x",
    }
    file = tmp_path / "kubeconfig"
    file.write_text(json.dumps(access))
    return ClusterApi.connect(file, tmp_path / "discovery.json")


def config_map(name: str, **data: str) -> dict:
    metadata = {"name": name, "namespace": "default"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


async def until(condition: Callable[[], object], live: LiveStateCache) -> None:
    async with asyncio.timeout(5):
        while True:
            changed = live.next_change()
            if condition():
                return
            await changed.wait()


def test_a_copy_has_what_is_there_and_follows_what_changes(server, api):
    server.call("POST", MAPS, config_map("old", a="1"))
    told = []

    async def follow() -> None:
        live = LiveStateCache(api, lambda item: told.append(item["metadata"]["name"]))
        await live.follow([("v1", "ConfigMap"), ("nosuch.example/v1", "Nothing")])
        old, new = (Ref("", "ConfigMap", "default", name) for name in ("old", "new"))
        assert (live.get(old)["apiVersion"], live.get(old)["kind"]) == ("v1", "ConfigMap")
        created = await api.create(config_map("new", a="1"))
        await until(lambda: live.get(new), live)
        await api.patch(created, {"data": {"a": None, "b": "2"}})
        await until(lambda: live.get(new)["data"] == {"b": "2"}, live)
        await api.delete(live.get(old), "Background")
        await until(lambda: live.get(old) is None, live)

    asyncio.run(follow())
    assert [name for name in told if name != "kube-root-ca.crt"] == ["old", "new", "new", "old"]


def test_objects_go_with_their_definition_and_come_with_a_new_one(server, api):
    async def follow() -> None:
        live = LiveStateCache(api, lambda item: None)
        assert await api.is_namespaced(names.API_VERSION, "AppProject") is None
        project = PROJECT | {"metadata": {"name": "vote", "namespace": "default"}}
        for _ in range(2):
            await api.create(DEFINITION)
            assert await api.is_namespaced(names.API_VERSION, "AppProject") is True
            await live.follow([(names.API_VERSION, "AppProject")])
            await api.create(project)
            await until(lambda: live.get(VOTE), live)
            server.call("DELETE", f"{DEFINITIONS}/{DEFINITION['metadata']['name']}")
            await until(lambda: live.get(VOTE) is None, live)

    asyncio.run(follow())


def test_a_refusal_has_the_server_s_code_and_words(server, api):
    async def ask() -> None:
        first = await api.create(config_map("one"))
        with pytest.raises(ApiError, match='configmaps "one" already exists') as refused:
            await api.create(config_map("one"))
        assert refused.value.code == 409
        server.call("DELETE", f"{MAPS}/one")
        await api.create(config_map("one"))
        with pytest.raises(ApiError) as refused:
            await api.delete(first, "Background")  # another object of that name
        assert refused.value.code == 409
        with pytest.raises(ApiError, match="serves no Nothing of v1"):
            await api.create({"apiVersion": "v1", "kind": "Nothing", "metadata": {"name": "x"}})

    asyncio.run(ask())


def test_a_namespace_is_there_or_not(server, api):
    async def ask() -> tuple[bool, bool]:
        return await api.has("v1", "Namespace", "default"), await api.has("v1", "Namespace", "nosuch")

    assert asyncio.run(ask()) == (True, False)
