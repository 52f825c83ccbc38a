"""A target's configuration decides where commands run and how images get to the registry; no flow knows."""

import base64
import io
import json
import os
import tarfile
from pathlib import Path

import pytest
import yaml
from invoke import Context
from invoke.config import Config as InvokeConfig

from aks_flow.azure import acr_build
from aks_flow.cli import connect
from aks_flow.cli.context import TaskContext
from aks_flow.core import wait
from aks_flow.core.command import Command, Result, command
from aks_flow.core.config.load import load
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Follower, Local
from aks_flow.core.steps import Silent, Steps
from aks_flow.target.docker_login import credentials
from aks_flow.target.registry import RegistryClient
from aks_flow.tools.az import Az
from aks_flow.tools.docker import ImageBuild
from aks_flow.tools.kubectl import Kubectl, get
from tests.unit.azure.conftest import at_azure

REDIS = ImageRef.parse("redis:7.4-bookworm")


@pytest.fixture
def settings(settings) -> dict:
    return at_azure(settings)


def delivery(settings, tmp_path, **target):
    settings["targets"][settings["target"]].update(target)
    config = load(settings, tmp_path)
    return connect.connect(config, Local(), lambda run: run, Steps(Silent()))


NAMES = ("DOCKER_CONFIG", "AZURE_CONFIG_DIR")


def heard_by(run: Local) -> tuple[list[str], list[str]]:
    """What a program finds in these variables: run to its end, and followed."""
    asked = command("printenv", *NAMES)
    followed: list[bytes | Result] = []
    with run.follow(asked, followed.append):
        wait.until(lambda: any(isinstance(line, Result) for line in followed), "printenv's end", 30)
    lines = [line.decode().strip() for line in followed if isinstance(line, bytes)]
    return run.run(asked).text.split(), lines


def test_on_azure_every_program_finds_the_run_s_own_sign_ins(settings, tmp_path, monkeypatch):
    monkeypatch.setenv("DOCKER_CONFIG", "/nowhere")
    monkeypatch.setenv("AZURE_CONFIG_DIR", "/nowhere")
    before = dict(os.environ)
    own = [str(tmp_path / ".azure" / "docker"), str(tmp_path / ".azure" / "cli")]
    assert heard_by(delivery(settings, tmp_path).run) == (own, own)
    assert dict(os.environ) == before


def test_what_a_command_sets_itself_stays(settings, tmp_path):
    asked = command("printenv", "DOCKER_CONFIG").with_env(DOCKER_CONFIG="/mine")
    assert delivery(settings, tmp_path).run.run(asked).text == "/mine\n"


def test_elsewhere_the_person_s_own_stay(settings, tmp_path, monkeypatch):
    for name in NAMES:
        monkeypatch.setenv(name, "/nowhere")
    settings["target"] = "rehearsal"
    assert heard_by(delivery(settings, tmp_path).run) == (["/nowhere"] * 2, ["/nowhere"] * 2)


@pytest.mark.parametrize(("target", "user"), [("azure", "run"), ("rehearsal", "person")])
def test_the_registry_s_login_is_the_run_s_own_on_azure_and_the_person_s_elsewhere(
    settings, tmp_path, monkeypatch, target, user
):
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "person"))
    settings["target"] = target
    config = load(settings, tmp_path)
    for name, folder in {"run": tmp_path / ".azure" / "docker", "person": tmp_path / "person"}.items():
        folder.mkdir(parents=True)
        entry = {"auth": base64.b64encode(f"{name}:word".encode()).decode()}
        logins = {"auths": {config.destination.registry_host: entry}}
        (folder / "config.json").write_text(json.dumps(logins))
    login = credentials(Local(), config.destination.registry_host, connect.docker_folder(config))
    assert login.user == user


def test_on_azure_images_come_from_registry_to_registry(settings, tmp_path):
    made = delivery(settings, tmp_path)
    [copied] = made.copy_image(REDIS, ImageRef.parse("votes.azurecr.io/redis:7.4-bookworm"))
    assert "--source=docker.io/library/redis:7.4-bookworm --image=redis:7.4-bookworm" in str(copied)


def test_elsewhere_images_come_through_the_engine(settings, tmp_path):
    settings["target"] = "rehearsal"
    copied = delivery(settings, tmp_path).copy_image(REDIS, ImageRef.parse("localhost:5050/redis:7"))
    assert [line.argv[1] for line in copied] == ["pull", "tag", "push"]


class Named:
    def __init__(self, name: str):
        self.name = name

    def run(self, asked: Command) -> Result:
        return Result(0, self.name.encode(), b"")


def test_what_talks_to_the_cluster_runs_there_and_all_else_here():
    run = connect.Routed(Named("here"), Named("there"))
    assert run.run(get.all_of(Kubectl(), "pods")).text == "there"
    assert run.run(command("kubectl", "kustomize", ".")).text == "here"
    assert run.run(command("docker", "push", "x")).text == "here"


@pytest.mark.parametrize(("via", "follows"), [("ann@jump:2222", True), ("command-invoke", False)])
def test_a_jump_host_can_be_followed_and_a_command_in_the_cluster_cannot(settings, tmp_path, via, follows):
    assert isinstance(delivery(settings, tmp_path, via=via, kubeconfig="").run, Follower) == follows


def test_a_target_without_azure_builds_nothing_in_its_registry(settings, tmp_path):
    settings["target"] = "rehearsal"
    with pytest.raises(AksFlowError, match="the registry of target rehearsal builds nothing"):
        connect.connect(load(settings, tmp_path), Local(), lambda run: run, Steps(Silent()), remote=True)


class Builder:
    """Keeps what az would have sent."""

    def run(self, asked: Command) -> Result:
        self.asked = asked
        self.sent = {
            path.name: path.read_text()
            for path in Path(asked.argv[asked.argv.index("--build-arg=VERSION=1") + 1]).iterdir()
        }
        return Result(0, b"", b"")


def test_a_build_in_the_registry_is_given_the_tree_and_nothing_else(config):
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("Dockerfile"))
    azure, image = Builder(), ImageRef.parse("votes.azurecr.io/front:tree-1")
    asked = ImageBuild(image, tar.getvalue(), {"VERSION": "1"})
    acr_build.build(Az(Path("cli")), config.azure, azure, asked)
    assert azure.sent == {"Dockerfile": ""}
    assert "--image=front:tree-1 --no-format --build-arg=VERSION=1" in str(azure.asked)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("via", "jump", "must be command-invoke or user@host"),
        ("login", "aws", "must be one of: docker, azure"),
    ],
)
def test_a_target_that_cannot_be_is_refused_by_its_key(settings, tmp_path, key, value, message):
    with pytest.raises(AksFlowError, match=f"targets.azure.{key}` {message}"):
        delivery(settings, tmp_path, **{key: value})


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("group", "ends.", r"azure.group` must be 1 to 90 letters"),
        ("cluster.tier", "Free", r"azure.cluster.tier` must be one of: free, standard, premium"),
        ("cluster.min_nodes", 9, r"azure.cluster.min_nodes` must be at least 1, and at most"),
        ("registry.name", "a-b-c-d", r"azure.registry.name` must be 5 to 50 lower-case letters and digits"),
        ("github.repository", "vote", r"azure.github.repository` must be OWNER/NAME or OWNER@ID"),
        ("github.environments", {"x": "all"}, r"azure.github.environments.x` must be one of: push, build"),
        ("admins", {"x": "Robot"}, r"azure.admins.x` must be one of: Group, User"),
    ],
)
def test_what_azure_would_refuse_is_refused_before_it_is_asked(settings, tmp_path, path, value, message):
    *parents, last = path.split(".")
    place = settings["azure"]
    for parent in parents:
        place = place[parent]
    place[last] = value
    with pytest.raises(AksFlowError, match=message):
        load(settings, tmp_path)


class Renewed(RegistryClient):
    """A registry whose token is taken no more until there are new credentials."""

    def __init__(self, renew):
        super().__init__("localhost:1", None, renew)
        self.sent = 0

    def _send(self, *_):
        from aks_flow.target.registry_http import RegistryAnswer

        self.sent += 1
        challenge = {"WWW-Authenticate": "Basic"}
        good = self._credentials is not None and self.sent > 1
        return (
            RegistryAnswer(200, {"Docker-Content-Digest": "sha256:1"}, b"")
            if good
            else RegistryAnswer(401, challenge, b"")
        )


def test_a_registry_token_that_ends_in_mid_run_is_renewed():
    from aks_flow.core.command import Secret
    from aks_flow.target.registry_session import Credentials

    registry = Renewed(lambda: Credentials("x", Secret("new")))
    assert registry.digest(ImageRef.parse("localhost:1/front:1")) == "sha256:1"


@pytest.fixture
def two_targets(settings, tmp_path) -> TaskContext:
    """A project of which production has a cluster and a registry of its own."""
    settings["target"] = "near"
    settings["targets"]["near"] = {"registry": "near.example.com", "kubeconfig": "near"}
    settings["targets"]["far"] = {"registry": "far.example.com/live", "kubeconfig": "far"}
    settings["environments"]["production"]["target"] = "far"
    (tmp_path / "invoke.yaml").write_text(yaml.safe_dump(settings))
    (tmp_path / ".git").mkdir()
    invoke_settings = InvokeConfig(project_location=str(tmp_path))
    invoke_settings.load_project()
    return TaskContext(Context(invoke_settings), root=tmp_path)


def test_an_environment_is_delivered_to_at_its_own_target_and_published_at_the_configured_one(two_targets):
    dev, production = connect.delivery(two_targets, "dev"), connect.delivery(two_targets, "production")
    assert dev.home is dev and dev.registry.host == "near.example.com"
    assert production.registry.host == "far.example.com"
    assert production.home.registry.host == "near.example.com" and production.home is production.home
    assert production.cluster("production").kubeconfig.endswith("/far")
    assert dev.cluster("dev").kubeconfig.endswith("/near")
    assert production.cluster("dev") == dev.cluster("dev"), "an environment is never taken for another's"


def test_what_looks_at_all_environments_looks_at_each_where_it_is(two_targets):
    contexts = connect.deliveries(two_targets)
    seen = {context.registry.host: list(context.config.environments_here) for context in contexts}
    assert seen == {"near.example.com": ["dev", "staging"], "far.example.com": ["production"]}
    origin, there = connect.deliveries(two_targets, "staging", "production")
    assert (origin.registry.host, there.registry.host) == ("near.example.com", "far.example.com")
