"""From answers to what is shown: which path delivers, what runs, what waits, and what did not answer."""

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from aks_flow.core.command import Command, Result
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import CommandFailed
from aks_flow.core.steps import Silent, Steps
from aks_flow.environments import answers
from aks_flow.environments.answers import EnvironmentAnswers, PullFacts, PushFacts, Reply
from aks_flow.environments.look import look
from aks_flow.environments.view import PULL, PUSH, UNKNOWN, EnvironmentView
from aks_flow.gitops.branch.branch import Tip
from aks_flow.gitops.branch.state import State
from aks_flow.gitops.status import PullAnswers
from aks_flow.push.drift import Drift
from aks_flow.push.history.history import History
from aks_flow.push.lock.lease import Holder, Lease
from aks_flow.report.environments import show
from aks_flow.report.environments_page import environments_page
from aks_flow.target.delivery import DeliveryContext
from aks_flow.target.registry_http import RegistryError
from aks_flow.tools.argocd import Application, DeployedCommit
from aks_flow.tools.git.past_commits import PastCommit
from tests.unit import server_time
from tests.unit.environments.records import NOW
from tests.unit.planned import DIGEST
from tests.unit.push.revisions import MOMENT, entry
from tests.unit.rollout.verdict import objects
from tests.unit.rollout.verdict.objects import TEMPLATE, event, replica_set

TAGS = ["1.4.0", "1.5.0-alpha.3", "1.5.0-rc.1", "no-version"]
MANIFEST = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: front}, spec: {template: {}}}"
PUSHED = replace(entry(1, MANIFEST), concluded=MOMENT)
COMMIT = PastCommit("b" * 40, "d" * 40, "", "host/front:1.5.0-rc.1", DIGEST, "", 1_767_225_600, "ann")


class Git:
    """Knows when two commits were made, what lies between them, and the cluster's time."""

    def run(self, command: Command) -> Result:
        if server_time.is_asked(command):
            return server_time.told()
        if "--stdin" in command.argv:
            return Result(0, f"{PUSHED.commit} 1767222000\n".encode(), b"")
        assert f"{COMMIT.source}..{PUSHED.commit}" in command.argv, command
        return Result(0, b"4f2a91c Count votes by hour\n", b"")


class Nobody:
    def run(self, command: Command) -> Result:
        raise CommandFailed(command, Result(1, b"", b"no route to host"))

    def tags(self, _) -> list[str]:
        raise RegistryError("the registry does not answer", next_step="Start it.")


def pod(version: str) -> dict:
    image = f"host/front:{version}@{DIGEST}"
    status = {
        "startTime": MOMENT,
        "phase": "Running",
        "containerStatuses": [{"name": "front", "imageID": "x"}],
    }
    spec = {"containers": [{"name": "front", "image": image}]}
    return {"kind": "Pod", "metadata": {"name": "a", "labels": {"app": "x"}}, "spec": spec, "status": status}


def deployment() -> dict:
    spec = {"selector": {"matchLabels": {"app": "x"}}, "template": {"spec": {"containers": []}}}
    return {"kind": "Deployment", "metadata": {"name": "front", "uid": "1"}, "spec": spec, "status": {}}


@pytest.fixture
def views(config, monkeypatch):
    """What is shown of answers that the test may change; dev is pushed, staging pulled."""

    def show(**instead) -> dict[str, EnvironmentView]:
        context = DeliveryContext(Git(), None, config, Steps(Silent()))
        image = ImageRef("host", "front", "1.5.0-rc.1", DIGEST)
        states = dict.fromkeys(config.environments, State()) | {"staging": State("t", "", image, "an outage")}
        synced = (DeployedCommit(COMMIT.commit, MOMENT, "2026-01-01T00:00:30Z"),)
        argocd = Application("vote-staging", sync="Synced", health="Healthy", deployed=synced)
        pull = PullAnswers(None, Tip(COMMIT.commit, {}), states, {"vote-staging": argocd})
        facts = PullFacts(pull, [COMMIT.commit], {"staging": [COMMIT]})
        lock = Lease("1", Holder("id", "ann", reason="looking"))
        said = {
            name: EnvironmentAnswers(
                context, Reply(facts), Reply(TAGS), Reply(PushFacts(History(name))), Reply([])
            )
            for name in config.environments
        }
        pushed = PushFacts(History("dev", (PUSHED,)), Drift("dev", PUSHED, "-replicas: 1\n", lock))
        said["dev"] = replace(
            said["dev"], push=Reply(pushed), items=Reply([deployment(), pod("1.5.0-alpha.3")])
        )
        said["dev"] = replace(said["dev"], **instead)
        monkeypatch.setattr(answers, "ask", lambda _: said)
        return {view.environment: view for view in look([context], NOW)}

    return show


def test_each_environment_has_the_path_that_delivers_to_it(views):
    assert {name: view.path for name, view in views().items()} == {
        "dev": PUSH,
        "staging": PULL,
        "production": "",
    }


def test_what_a_push_and_the_cluster_say(views):
    dev = views()["dev"]
    (running,) = dev.running
    assert (running.version, running.digest, running.pods) == ("1.5.0-alpha.3", DIGEST, 1)
    assert (dev.drift, dev.lock) == ("differs", "ann: looking")
    (delivery,) = dev.deliveries
    assert delivery.ended - delivery.made == 3600


LIVE = {**TEMPLATE["spec"]["containers"][0], "name": "web", "livenessProbe": {"periodSeconds": 10}}


@pytest.mark.parametrize(("ago", "health"), [(3600, "Healthy"), (8, "Progressing: ")])
def test_a_liveness_probe_that_failed_once_counts_as_long_as_the_cluster_says(views, ago, health):
    """Many fail once while the app begins to listen; its event is kept for an hour."""
    failed = datetime.fromtimestamp(time.time() - ago, UTC).isoformat()
    about = {"uid": "uid-web-new-1", "fieldPath": "spec.containers{web}"}
    said = event("uid-web-new-1", "Unhealthy", "Liveness probe failed: HTTP probe failed", at=failed)
    items = [objects.deployment(1, 1, 1), replica_set(), objects.pod(containers=[LIVE])]
    web = replace(entry(1, MANIFEST.replace("front", "web")), concluded=MOMENT)
    pushed = PushFacts(History("dev", (web,)), Drift("dev", web, "", None))
    dev = views(push=Reply(pushed), items=Reply([*items, said | {"involvedObject": about}]))["dev"]
    assert dev.health.startswith(health)


def test_what_the_branch_and_argo_cd_say(views):
    staging = views()["staging"]
    assert (staging.intended.version, staging.health, staging.hold) == ("1.5.0-rc.1", "Healthy", "an outage")
    assert (staging.deliveries[0].verdict, staging.deliveries[0].seconds) == ("good", 30)


def test_what_waits_comes_from_the_environment_before_and_to_the_first_from_the_registry(views):
    seen = views()
    assert (seen["staging"].waits.source, seen["staging"].waits.version) == ("dev", "1.5.0")
    assert seen["staging"].waits.commits == ("4f2a91c Count votes by hour",)
    assert (seen["production"].waits.source, seen["production"].newest) == ("staging", "1.4.0")


def test_what_did_not_answer_is_said_and_the_rest_is_shown(views):
    dev = views(items=Reply([], "the cluster: no route to host"))["dev"]
    assert (dev.unread, dev.health, dev.running) == (("the cluster: no route to host",), "unknown", ())
    assert dev.intended.version == "1.5.0"


def test_a_history_that_may_not_be_read_is_no_history_of_nothing(views, capsys):
    lock = Lease("1", Holder("id", "ann", reason="looking"))
    unread = Reply(
        PushFacts(History("dev"), Drift("dev", None, "", lock)), "the history: who asks may not read secrets"
    )
    seen = views(push=unread)
    dev = seen["dev"]
    assert (dev.path, dev.intended, dev.health, dev.drift) == (UNKNOWN, None, "unknown", "unknown")
    assert (dev.lock, dev.waits, seen["staging"].waits) == ("ann: looking", None, None)
    show([dev], as_json=False)
    shown = capsys.readouterr()
    assert "unread" in shown.out and "nothing" not in shown.out
    assert "note: dev: unknown is the history: who asks may not read secrets" in shown.out + shown.err
    page = environments_page([dev], "vote", NOW)
    assert "no delivery yet" not in page and "unread" in page


def test_where_nobody_answers_every_environment_is_still_there(config):
    context = DeliveryContext(Nobody(), Nobody(), config, Steps(Silent()))
    seen = look([context], NOW)
    assert [view.environment for view in seen] == list(config.environments)
    assert all(len(view.unread) == 4 and not view.deliveries for view in seen)
