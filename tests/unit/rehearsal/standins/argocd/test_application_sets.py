"""ApplicationSets of pull requests: the controller on the stand-in's API, asking the rehearsal's GitHub."""

import asyncio
import base64
import os
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import yaml

from aks_flow.rehearsal.standins.argocd import controller, names
from aks_flow.rehearsal.standins.argocd.application_sets.pull_requests import GitHub
from aks_flow.rehearsal.standins.github.api.tokens import PERSON
from aks_flow.rehearsal.standins.github.event import REPOSITORY
from aks_flow.rehearsal.standins.process.github_address import HOST, socket_of
from tests.unit.gitflow.conftest import alone, repo  # noqa: F401
from tests.unit.preview.test_comment import team  # noqa: F401
from tests.unit.rehearsal.standins.argocd.test_controller import Repository, config_map, server  # noqa: F401
from tests.unit.rehearsal.standins.kubernetes.conftest import Server
from tests.unit.rendering import ROOT

ARGO = "/apis/argoproj.io/v1alpha1/namespaces/default"
SET = f"{ARGO}/applicationsets/preview"
SECRETS = "/api/v1/namespaces/default/secrets"
TOKEN = {"secretName": "github-token", "key": "token"}
SECONDS = 60


def template(repository: Repository) -> dict:
    """What `adopt` writes, of one folder; it asks rarely, so that a test sees what wakes it."""
    made = yaml.safe_load((ROOT / "scripts/aks_flow/adopt/templates/previews.yaml").read_text())
    spec = made["spec"]
    github = spec["generators"][0]["pullRequest"]["github"]
    github["owner"], _, github["repo"] = REPOSITORY.partition("/")
    github["api"] = f"https://{HOST}/"
    spec["generators"][0]["pullRequest"]["requeueAfterSeconds"] = 600
    wanted = spec["template"]["spec"]
    wanted["project"] = "preview"
    wanted["source"] |= {"repoURL": str(repository.folder), "targetRevision": "main", "path": "plain"}
    wanted["destination"]["namespace"] = "default"
    return made


class Rehearsal:
    def __init__(self, server: Server, team, repository: Repository):  # noqa: F811
        self.server, self.team, self.repository = server, team, repository
        repository.commit(config_map("shown"))
        permits = {"sourceRepos": ["*"], "destinations": [{"server": names.IN_CLUSTER, "namespace": "*"}]}
        project = {"apiVersion": names.API_VERSION, "kind": "AppProject", "metadata": {"name": "preview"}}
        answer = server.call("POST", f"{ARGO}/appprojects", project | {"spec": permits})
        assert answer.status == 201, answer.body

    def apply(self, change: Callable[[dict], object] = lambda spec: None) -> None:
        made = template(self.repository)
        change(made["spec"])
        answer = self.server.call("POST", f"{ARGO}/applicationsets", made)
        assert answer.status == 201, answer.body

    def change(self, **spec: object) -> None:
        self._patch(SET, {"spec": spec})

    def label(self, *labels: str) -> None:
        assert self.team.gh("issues/1/labels", "POST", labels=list(labels)).code == 0

    def refresh(self) -> None:
        self._patch(SET, {"metadata": {"annotations": {names.SET_REFRESH: "true"}}})

    def spoil(self) -> None:
        """Somebody changes the Application."""
        self._patch(f"{ARGO}/applications/preview-1", {"spec": {"source": {"targetRevision": "elsewhere"}}})

    def _patch(self, path: str, changes: dict) -> None:
        answer = self.server.call("PATCH", path, changes, content_type="application/merge-patch+json")
        assert answer.status == 200, answer.body

    def applications(self) -> dict[str, dict]:
        items = self.server.call("GET", f"{ARGO}/applications").body["items"]
        return {item["metadata"]["name"]: item for item in items}

    @property
    def application(self) -> dict:
        """That of the request; empty if there is none."""
        return self.applications().get("preview-1", {})

    @property
    def asked_to_refresh(self) -> bool:
        return names.SET_REFRESH in self.server.call("GET", SET).body["metadata"].get("annotations", {})

    def conditions(self) -> dict[str, tuple[str, str, str]]:
        status = self.server.call("GET", SET).body.get("status", {})
        return {
            item["type"]: (item["status"], item["reason"], item["message"])
            for item in status.get("conditions", ())
        }

    async def until(self, holds: Callable[[], object]) -> object:
        async with asyncio.timeout(SECONDS):
            while not (found := await asyncio.to_thread(holds)):
                await asyncio.sleep(0.05)
        return found

    async def until_refused(self, words: str) -> None:
        """words: of the condition, which has them as long as nobody corrects what is wrong."""
        await self.until(lambda: self._refused(words))

    def _refused(self, words: str) -> bool:
        status, _, message = self.conditions().get("ErrorOccurred", ("False", "", ""))
        return status == "True" and re.search(words, message) is not None


@pytest.fixture
def play(server, team, tmp_path, monkeypatch) -> Callable:  # noqa: F811
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    state = tmp_path / "argocd"
    state.mkdir()
    github = GitHub(HOST, socket_of(team.hub.state))

    async def run(scene: Callable) -> None:
        work = asyncio.create_task(controller.run(tmp_path / "kubeconfig", "default", state, 0.2, github))
        try:
            await scene(Rehearsal(server, team, Repository(tmp_path / "manifests")))
        finally:
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work

    return lambda scene: asyncio.run(run(scene))


def synced(application: dict) -> bool:
    return application.get("status", {}).get("sync", {}).get("status") == "Synced"


def test_a_request_with_the_label_gets_an_application_that_goes_with_the_label(play):
    async def scene(rehearsal: Rehearsal) -> None:
        rehearsal.apply()
        await rehearsal.until(rehearsal.conditions)
        assert rehearsal.applications() == {}
        rehearsal.label("preview", "more")
        rehearsal.refresh()
        await rehearsal.until(lambda: synced(rehearsal.application))
        made, owner = rehearsal.application, rehearsal.server.call("GET", SET).body
        assert made["metadata"]["finalizers"] == [names.CASCADE]
        [reference] = made["metadata"]["ownerReferences"]
        assert (reference["uid"], reference["controller"]) == (owner["metadata"]["uid"], True)
        assert rehearsal.conditions()["ResourcesUpToDate"][:2] == ("True", "ApplicationSetUpToDate")
        await rehearsal.until(lambda: not rehearsal.asked_to_refresh)
        assert rehearsal.team.gh("issues/1/labels/preview", "DELETE").code == 0
        rehearsal.refresh()
        await rehearsal.until(lambda: not rehearsal.applications())
        maps = rehearsal.server.call("GET", "/api/v1/namespaces/default/configmaps").body["items"]
        assert "shown" not in {item["metadata"]["name"] for item in maps}

    play(scene)


def test_what_somebody_changes_or_deletes_is_made_right_again_until_the_request_is_merged(play):
    async def scene(rehearsal: Rehearsal) -> None:
        rehearsal.label("preview")
        rehearsal.apply()
        await rehearsal.until(rehearsal.applications)
        rehearsal.spoil()
        await rehearsal.until(lambda: rehearsal.application["spec"]["source"]["targetRevision"] == "main")
        first = rehearsal.application["metadata"]["uid"]
        rehearsal.server.call("DELETE", f"{ARGO}/applications/preview-1")
        await rehearsal.until(lambda: rehearsal.application.get("metadata", {}).get("uid", first) != first)
        rehearsal.team.merge(1)
        rehearsal.refresh()
        await rehearsal.until(lambda: not rehearsal.applications())

    play(scene)


def test_what_cannot_be_is_said_in_a_condition_and_what_was_made_stays(play):
    async def scene(rehearsal: Rehearsal) -> None:
        rehearsal.label("preview")
        rehearsal.apply(lambda spec: github_of(spec).update(tokenRef=TOKEN))
        await rehearsal.until_refused('error fetching Secret token: .*secrets "github-token" not found')
        rehearsal.server.call("POST", SECRETS, secret("stale"))
        rehearsal.refresh()
        await rehearsal.until_refused("error listing pull requests for .*: 401 Bad credentials")
        rehearsal.server.call("PUT", f"{SECRETS}/github-token", secret(PERSON))
        rehearsal.refresh()
        await rehearsal.until(rehearsal.applications)
        rehearsal.change(strategy={"type": "RollingSync"})
        await rehearsal.until_refused(r"the rehearsal does not offer this: spec\.strategy")
        assert rehearsal.applications()
        rehearsal.change(strategy=None)
        await rehearsal.until(lambda: rehearsal.conditions()["ErrorOccurred"][0] == "False")

    play(scene)


def test_the_end_of_the_set_is_the_end_of_its_applications(play):
    async def scene(rehearsal: Rehearsal) -> None:
        rehearsal.label("preview")
        rehearsal.apply()
        await rehearsal.until(rehearsal.applications)
        rehearsal.server.call("DELETE", SET)
        await rehearsal.until(lambda: not rehearsal.applications())

    play(scene)


def github_of(spec: dict) -> dict:
    return spec["generators"][0]["pullRequest"]["github"]


def secret(token: str) -> dict:
    named = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": TOKEN["secretName"]}}
    return named | {"data": {"token": base64.b64encode(token.encode()).decode()}}
