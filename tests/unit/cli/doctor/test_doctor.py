"""The doctor's questions, with every program's answer planned; and what it ends with."""

import shlex
import sys
from dataclasses import replace

import pytest

from aks_flow.cli import doctor
from aks_flow.cli.doctor import facts, findings, project_facts, versions
from aks_flow.cli.doctor.facts import ProbeAnswer, StandIns
from aks_flow.cli.doctor.project_facts import ProjectFacts
from aks_flow.core.command import Result
from aks_flow.core.config.load import load
from aks_flow.core.errors import AksFlowError
from aks_flow.core.steps import Silent, Steps
from aks_flow.target.delivery import DeliveryContext
from aks_flow.target.registry_http import RegistryError
from aks_flow.tools.kubectl import Kubectl, get
from tests.unit.planned import Planned

START = "./inv rehearsal.up"
ENGINE = "docker version '--format={{.Server.Version}}'"
ROOM = "docker info '--format={{.DockerRootDir}}'"
VERSION = "kubectl --context=rehearsal version --request-timeout=5s"
MAY = "kubectl --context=rehearsal --namespace={} auth can-i patch deployments.apps --request-timeout=5s"
DEPLOYMENT = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "front"}}
SERVICE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "front"},
    "spec": {"ports": [{"name": "http"}]},
}
GOOD = {
    f"{shlex.quote(sys.executable)} --version": "Python 3.11.7",
    "git --version": "git version 2.39.5",
    "kubectl version --client": "Client Version: v1.37.1\nKustomize Version: v5.8.1",
    "act --version": "act version 0.2.89",
    "gh --version": "gh version 2.103.3 (2026-10-01)",
    "docker --version": "Docker version 28.2.2, build e6534b4",
    ENGINE: "20.10.24+dfsg1",
    ROOM: "/",
    VERSION: "Client Version: v1.37.1\nServer Version: v1.36.2",
    **{MAY.format(f"vote-{name}"): "yes" for name in ("dev", "staging", "production")},
}


class Shelf:
    """A registry that answers, or does not."""

    def __init__(self, error: AksFlowError | None = None):
        self._error = error

    def tags(self, image) -> list[str]:
        if self._error:
            raise self._error
        return []


def at(config, answers: dict, registry: Shelf | None = None) -> DeliveryContext:
    return DeliveryContext(Planned(GOOD | answers), registry or Shelf(), config, Steps(Silent()))


@pytest.fixture(autouse=True)
def plenty(monkeypatch):
    usage = type("Usage", (), {"free": 9_000_000_000})
    monkeypatch.setattr(facts.shutil, "disk_usage", lambda folder: usage)


@pytest.fixture(autouse=True)
def project(monkeypatch) -> list[ProjectFacts]:
    """What the doctor sees in the project: nothing that stops a delivery, unless a test says otherwise."""
    seen = []

    def read(run, config, tasks) -> ProjectFacts:
        none, objects = ProbeAnswer("0"), dict.fromkeys(config.environments, [DEPLOYMENT, SERVICE])
        return seen[0] if seen else ProjectFacts(config, {"front": True}, objects, {}, none, none)

    monkeypatch.setattr(project_facts, "read", read)
    return seen


@pytest.fixture
def config(config):
    """Its kubeconfig is there."""
    kubeconfig = config.root / ".rehearsal" / "kubeconfig"
    kubeconfig.parent.mkdir()
    kubeconfig.touch()
    return config


def test_all_that_is_needed_is_here(config, capsys):
    doctor.check(at(config, {}), StandIns(START))
    shown = capsys.readouterr().out
    assert "2.39.5" in shown and "20.10.24" in shown and "1.36.2" in shown and "missing" not in shown


def test_a_rehearsal_that_is_down_ends_with_the_command_that_starts_it(config, capsys):
    words = b'error: context "rehearsal" does not exist\n'
    silent = RegistryError("the registry does not answer", where="localhost:5050", next_step="Start it.")
    down = at(config, {VERSION: Result(1, b"Client Version: v1.37.1\n", words)}, Shelf(silent))
    with pytest.raises(AksFlowError) as raised:
        doctor.check(down, StandIns(START))
    assert str(raised.value) == (
        "target rehearsal lacks: registry localhost:5050, cluster rehearsal. Run ./inv rehearsal.up."
    )
    assert "does not exist" in capsys.readouterr().out


def test_a_project_that_is_not_ready_is_told_after_the_target(config, project, capsys):
    broken = dict.fromkeys(config.environments, ProbeAnswer(why="it does not render", step="Correct it."))
    project.append(ProjectFacts(config, {"front": False}, {}, broken, ProbeAnswer("2"), ProbeAnswer("0")))
    with pytest.raises(AksFlowError) as raised:
        doctor.check(at(config, {}), StandIns(START))
    assert str(raised.value) == (
        "the project is not ready: image front, manifests of dev, manifests of staging, "
        "manifests of production, manifests.check. The last column says what helps."
    )
    assert "no app/Dockerfile" in capsys.readouterr().out


def test_several_things_that_help_are_told_line_by_line(config):
    answers = {
        "gh --version": "gh version 1.8.3",
        ENGINE: Result(1, b"\n", b"Cannot connect to the daemon"),
    }
    with pytest.raises(AksFlowError, match="lacks: gh, docker engine. The last column says what helps"):
        doctor.check(at(config, answers))


def test_a_program_that_is_not_installed_is_a_finding_not_a_failure(config):
    class Nothing:
        def run(self, command):
            raise AksFlowError(f"the program {command.argv[0]!r} is not installed", next_step="Install it.")

    with pytest.raises(AksFlowError, match="lacks: python, git, .* docker, act, docker engine, cluster"):
        doctor.check(replace(at(config, {}), run=Nothing()))


def test_a_cluster_that_forbids_a_namespace_is_asked_once_for_each(config):
    refused = {MAY.format("vote-production"): Result(1, b"no\n", b"")}
    with pytest.raises(AksFlowError, match="lacks: delivering to vote-production"):
        doctor.check(at(config, refused))


def listed(namespace: str) -> str:
    cluster = Kubectl(context="rehearsal", namespace=namespace)
    return str(get.existing_in_detail(cluster, f"namespace/{namespace}", "secret/mail"))


def test_a_secret_that_others_make_and_a_namespace_lacks_is_a_line_with_what_to_type(settings, tmp_path):
    settings["secrets"] = {"mail": {"keys": ["token"], "from": "existing"}}
    config = load(settings, tmp_path)
    there = "Namespace\t{0}\t7\t\t\t\nSecret\tmail\t8\t\t\ttoken \n"
    kept = {listed(f"vote-{name}"): there.format(f"vote-{name}") for name in ("dev", "staging")}
    seen = facts.read(at(config, kept | {listed("vote-production"): ""}), None)
    assert [told.text for told in seen.secrets.values()] == ["there", "there", ""]
    [bad] = [finding for finding in findings.decide(seen) if finding.name == "Secrets of vote-production"]
    assert (bad.good, bad.found) == (False, "vote-production lacks secret/mail")
    assert "create namespace vote-production` && `kubectl" in bad.help and "generic mail --from" in bad.help


def test_a_silent_cluster_is_not_asked_about_rights(config):
    context = at(config, {VERSION: Result(1, b"", b"Unable to connect to the server: EOF")})
    with pytest.raises(AksFlowError, match="lacks: cluster rehearsal"):
        doctor.check(context)
    assert not [line for line in context.run.lines if "can-i" in line]


def test_an_engine_elsewhere_is_not_asked_for_room_here(config):
    seen = facts.read(at(config, {ROOM: "/no/such/folder"}), None)
    assert seen.room == {}
    assert facts.read(at(config, {ROOM: "/"}), None).room == {"/": 9_000_000_000}


@pytest.mark.parametrize(
    ("target", "vault", "wanted"),
    [("azure", "votes-vault", ["2.76", "2.90"]), ("azure", "", ["2.76"]), ("rehearsal", "votes-vault", [])],
)
def test_a_key_vault_asks_for_a_newer_az(settings, tmp_path, target, vault, wanted):
    settings |= {"target": target}
    settings["azure"] |= {"vault": vault, "registry": {"name": "votes01"}}
    needs = versions.needed(load(settings, tmp_path))
    assert [need.wanted for need in needs if need.ask.argv[0] == "az"] == wanted
