"""The whole controller, on the stand-in's own API and a repository of its own: no engine is needed."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from aks_flow.rehearsal.standins.argocd import controller, definitions, names
from aks_flow.rehearsal.standins.argocd.application_sets.pull_requests import GitHub
from aks_flow.rehearsal.standins.kubernetes.controllers.garbage import GarbageCollector
from aks_flow.rehearsal.standins.kubernetes.controllers.runtime import Runtime
from tests.unit.rehearsal.standins.kubernetes.conftest import Server, serving_kubectl

IDENTITY = ("-c", "user.name=Ann", "-c", "user.email=ann@localhost")
ARGO = "/apis/argoproj.io/v1alpha1/namespaces/default"
MAPS = "/api/v1/namespaces/default/configmaps"
LEFT = {names.SYNC_OPTIONS: "Prune=false", names.COMPARE_OPTIONS: "IgnoreExtraneous"}
ENDING = {"status": {"operationState": {"phase": "Terminating"}}}
HANGS = "waiting for healthy state of apps/Deployment/web"
SECONDS = 60


@pytest.fixture
def server(tmp_path, monkeypatch) -> Iterator[Server]:
    """It collects garbage: without that, what is deleted in the foreground would stay."""
    with serving_kubectl(tmp_path, monkeypatch) as running:
        for definition in definitions.all_of_them():
            running.call("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition)
        objects = running.api.objects
        collecting = Runtime(objects, [GarbageCollector(objects)]).run()
        task = asyncio.run_coroutine_threadsafe(collecting, running.loop)
        yield running
        task.cancel()


class Repository:
    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir()
        self._git("init", "--quiet", "--initial-branch=main")

    def commit(self, *items: dict) -> str:
        """A commit with these objects and no other."""
        for file in self.folder.glob("plain/*"):
            file.unlink()
        (self.folder / "plain").mkdir(exist_ok=True)
        (self.folder / "plain" / "notes.txt").write_text("not a manifest")
        for item in items:
            (self.folder / "plain" / f"{item['metadata']['name']}.json").write_text(json.dumps(item))
        self._git("add", "--all")
        self._git("commit", "--quiet", "--allow-empty", "-m", "Change")
        return self._git("rev-parse", "HEAD")

    def _git(self, *words: str) -> str:
        argv = ["git", "-C", self.folder, *IDENTITY, *words]
        return subprocess.run(argv, check=True, capture_output=True, text=True).stdout.strip()


class Rehearsal:
    """One Application, `app`, of a controller that runs."""

    def __init__(self, server: Server, repository: Repository):
        self.server, self.repository = server, repository

    def create(self) -> None:
        destination = {"server": names.IN_CLUSTER, "namespace": "default"}
        permits = {"sourceRepos": ["*"], "destinations": [destination]}
        source = {"repoURL": str(self.repository.folder), "path": "plain", "targetRevision": "main"}
        policy = {"automated": {"prune": True, "selfHeal": True}, "retry": {"limit": 0}}
        spec = {"project": "app", "source": source, "destination": destination, "syncPolicy": policy}
        for kind, of_kind in (("AppProject", permits), ("Application", spec)):
            item = {
                "apiVersion": names.API_VERSION,
                "kind": kind,
                "metadata": {"name": "app"},
                "spec": of_kind,
            }
            self.server.call("POST", f"{ARGO}/{kind.lower()}s", item | {"spec": of_kind})

    @property
    def status(self) -> dict:
        return self.server.call("GET", f"{ARGO}/applications/app").body.get("status", {})

    def seen(self, since: str, last: Callable[[dict], bool]) -> list[dict]:
        """How the Application was from a version on, up to the last."""
        with self.server.watch(f"{ARGO}/applications?watch=1&resourceVersion={since}") as events:
            items = [events.next()["object"]]
            while not last(items[-1]):
                items.append(events.next()["object"])
        return items

    def patch(self, changes: dict) -> None:
        merge = "application/merge-patch+json"
        self.server.call("PATCH", f"{ARGO}/applications/app", changes, content_type=merge)

    async def until_gone(self, seconds: float = SECONDS) -> None:
        async with asyncio.timeout(seconds):
            while (
                await asyncio.to_thread(self.server.call, "GET", f"{ARGO}/applications/app")
            ).status != 404:
                await asyncio.sleep(0.05)

    def maps(self) -> set[str]:
        items = self.server.call("GET", MAPS).body["items"]
        return {item["metadata"]["name"] for item in items} - {"kube-root-ca.crt"}

    async def until(self, holds: Callable[[dict], object]) -> dict:
        async with asyncio.timeout(SECONDS):
            while not holds(status := await asyncio.to_thread(lambda: self.status)):
                await asyncio.sleep(0.05)
        return status

    async def until_synced(self, commit: str) -> dict:
        def synced(status: dict) -> bool:
            sync, phase = status.get("sync", {}), status.get("operationState", {}).get("phase")
            return (sync.get("status"), sync.get("revision"), phase) == ("Synced", commit, "Succeeded")

        return await self.until(synced)


@pytest.fixture
def play(server: Server, tmp_path, monkeypatch) -> Callable:
    """Run a scene against a controller that works beside it."""
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    state = tmp_path / "state"
    state.mkdir()
    github = GitHub("github.localhost", tmp_path / "github.sock")

    async def run(scene: Callable) -> None:
        work = asyncio.create_task(controller.run(tmp_path / "kubeconfig", "default", state, 0.2, github))
        try:
            await scene(Rehearsal(server, Repository(tmp_path / "repository")))
        finally:
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work

    return lambda scene: asyncio.run(run(scene))


def config_map(name: str, **annotations: str) -> dict:
    metadata = {"name": name, "annotations": annotations}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"key": "value"}}


def deployment() -> dict:
    """One that nobody rolls out: there are no controllers here."""
    pod = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "web", "image": "web"}]}}
    spec = {"selector": {"matchLabels": {"app": "web"}}, "template": pod}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": spec}


def job(name: str, **annotations: str) -> dict:
    pod = {"spec": {"containers": [{"name": "job", "image": "job"}], "restartPolicy": "Never"}}
    metadata = {"name": name, "annotations": annotations}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": {"template": pod}}


def results(status: dict) -> list[tuple[str, str]]:
    return [(entry["name"], entry["status"]) for entry in status["operationState"]["syncResult"]["resources"]]


def test_what_is_gone_goes_first_unless_it_is_to_be_left(play):
    async def scene(rehearsal: Rehearsal) -> None:
        commit = rehearsal.repository.commit(config_map("first"), config_map("left", **LEFT))
        rehearsal.create()
        await rehearsal.until_synced(commit)
        commit = rehearsal.repository.commit(config_map("second"))
        status = await rehearsal.until_synced(commit)
        assert sorted(results(status)[:2]) == [("first", "Pruned"), ("left", "PruneSkipped")]
        assert results(status)[2] == ("second", "Synced") and rehearsal.maps() == {"left", "second"}

    play(scene)


def test_a_commit_of_nothing_takes_nothing_away(play):
    async def scene(rehearsal: Rehearsal) -> None:
        commit = rehearsal.repository.commit(config_map("first"))
        rehearsal.create()
        await rehearsal.until_synced(commit)
        rehearsal.repository.commit()
        status = await rehearsal.until(lambda status: status.get("conditions"))
        assert "auto-sync will wipe out all resources" in status["conditions"][0]["message"]
        assert rehearsal.maps() == {"first"}

    play(scene)


def test_a_sync_that_hangs_is_ended_and_the_newer_commit_is_synced(play):
    async def scene(rehearsal: Rehearsal) -> None:
        rehearsal.repository.commit(deployment(), config_map("later", **{names.SYNC_WAVE: "1"}))
        rehearsal.create()
        await rehearsal.until(lambda status: status.get("operationState", {}).get("message") == HANGS)
        good = rehearsal.repository.commit(config_map("later"))
        status = await rehearsal.until(lambda status: status["sync"].get("revision") == good)
        assert status["operationState"]["phase"] == "Running" and rehearsal.maps() == set()
        rehearsal.patch(ENDING)
        await rehearsal.until_synced(good)
        assert rehearsal.maps() == {"later"}

    play(scene)


def test_a_hook_that_runs_goes_with_its_sync(play):
    """A Job without a controller runs for ever."""

    async def scene(rehearsal: Rehearsal) -> None:
        rehearsal.repository.commit(job("migrate", **{names.HOOK: "PreSync"}), config_map("later"))
        rehearsal.create()
        waits = "waiting for completion of hook batch/Job/migrate"
        await rehearsal.until(lambda status: status.get("operationState", {}).get("message") == waits)
        rehearsal.patch(ENDING)
        state = (await rehearsal.until(has_failed))["operationState"]
        assert state["message"] == "Operation terminated"
        assert rehearsal.server.call("GET", "/apis/batch/v1/namespaces/default/jobs/migrate").status == 404
        assert rehearsal.maps() == set()

    play(scene)


def has_failed(status: dict) -> bool:
    return status.get("operationState", {}).get("phase") == "Failed"


def test_what_an_object_does_not_get_here_is_said_and_nothing_is_synced(play):
    async def scene(rehearsal: Rehearsal) -> None:
        rehearsal.repository.commit(config_map("first", **{names.SYNC_OPTIONS: "Replace=true"}))
        rehearsal.create()
        status = await rehearsal.until(lambda status: status.get("conditions"))
        [condition] = status["conditions"]
        assert condition["type"] == "InvalidSpecError"
        assert condition["message"] == "the rehearsal does not offer this: Replace=true of ConfigMap/first"
        assert rehearsal.maps() == set()

    play(scene)


def test_with_its_finalizer_an_application_takes_its_objects_along_unless_they_say_no(play):
    async def scene(rehearsal: Rehearsal) -> None:
        stays = config_map("stays", **{names.SYNC_OPTIONS: "Delete=false"})
        commit = rehearsal.repository.commit(config_map("goes"), stays)
        rehearsal.create()
        await rehearsal.until_synced(commit)
        rehearsal.patch({"metadata": {"finalizers": [names.CASCADE]}})
        rehearsal.server.call("DELETE", f"{ARGO}/applications/app")
        await rehearsal.until_gone()
        assert rehearsal.maps() == {"stays"}

    play(scene)


def test_a_sync_begins_without_the_end_of_the_one_before(play):
    async def scene(rehearsal: Rehearsal) -> None:
        first = rehearsal.repository.commit(config_map("first"))
        rehearsal.create()
        await rehearsal.until_synced(first)
        since = rehearsal.server.call("GET", f"{ARGO}/applications/app").body["metadata"]["resourceVersion"]
        second = rehearsal.repository.commit(config_map("second"))
        await rehearsal.until_synced(second)
        items = await asyncio.to_thread(rehearsal.seen, since, lambda item: revision(item) == second)
        asked = next(item for item in items if "operation" in item)
        assert asked["operation"]["sync"]["revision"] == second and "operationState" not in asked["status"]
        assert asked["status"]["sync"]["revision"] == first  # what was found is written afterwards

    play(scene)


def revision(item: dict) -> str:
    """Of the sync that ended last."""
    state = item["status"].get("operationState", {})
    return state["syncResult"]["revision"] if state.get("phase") == "Succeeded" else ""


def test_an_application_stays_until_its_sync_has_ended(play):
    async def scene(rehearsal: Rehearsal) -> None:
        rehearsal.repository.commit(deployment(), config_map("later", **{names.SYNC_WAVE: "1"}))
        rehearsal.create()
        await rehearsal.until(lambda status: status.get("operationState", {}).get("message") == HANGS)
        rehearsal.patch({"metadata": {"finalizers": [names.CASCADE]}})
        rehearsal.server.call("DELETE", f"{ARGO}/applications/app")
        with pytest.raises(TimeoutError):
            await rehearsal.until_gone(1)
        rehearsal.patch(ENDING)
        await rehearsal.until_gone()
        assert rehearsal.server.call("GET", "/apis/apps/v1/namespaces/default/deployments/web").status == 404

    play(scene)


def test_a_commit_that_cannot_be_read_is_called_by_the_name_of_the_branch(play):
    """And every object that is there would be one that git has no more."""

    async def scene(rehearsal: Rehearsal) -> None:
        commit = rehearsal.repository.commit(config_map("first"))
        rehearsal.create()
        await rehearsal.until_synced(commit)
        rehearsal.repository.commit(config_map("first") | {"kind": ""})
        status = await rehearsal.until(lambda status: status["sync"]["status"] == "Unknown")
        assert status["sync"]["revision"] == "main"
        [entry] = status["resources"]
        assert (entry["status"], entry["requiresPruning"]) == ("Unknown", True)

    play(scene)


def test_hooks_have_their_phases_and_one_that_is_skipped_is_not_made(play):
    async def scene(rehearsal: Rehearsal) -> None:
        hooks = {"after": "PostSync", "before": "PreSync", "skipped": "Skip"}
        made = [config_map(name, **{names.HOOK: phase}) for name, phase in hooks.items()]
        commit = rehearsal.repository.commit(config_map("first"), *made)
        rehearsal.create()
        done = "Succeeded"
        status = await rehearsal.until(lambda status: status.get("operationState", {}).get("phase") == done)
        assert [name for name, _ in results(status)] == ["before", "first", "after"]
        assert status["operationState"]["syncResult"]["revision"] == commit

    play(scene)
