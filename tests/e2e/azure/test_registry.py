"""ACR's tokens at the registry's door: docker pushes with AcrPush, and is refused with less."""

import os
import subprocess
from dataclasses import replace

import pytest
import yaml

from aks_flow.azure.identity.access import IMPORT, PUSH
from aks_flow.azure.signin import session
from aks_flow.core import wait
from aks_flow.core.command import Secret
from aks_flow.core.config.azure import AcrSettings
from aks_flow.core.config.load import load
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Local
from aks_flow.target.registry import RegistryClient
from aks_flow.target.registry_http import RegistryError
from aks_flow.target.registry_session import Credentials
from aks_flow.tools.az import Az, acr
from tests.e2e.azure import tasks
from tests.e2e.standin import helper_image


def load_settings():
    """The repository's own section `azure`."""
    return load(yaml.safe_load((tasks.ROOT / "invoke.yaml").read_text()), tasks.ROOT).azure


USER = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def docker(azure, tmp_path):
    """docker with a login of its own; gives exit code and what it said."""

    def run(*words: str, input: str = "") -> tuple[int, str]:
        environment = {**os.environ, "DOCKER_CONFIG": str(tmp_path)}
        done = subprocess.run(
            ["docker", *words], env=environment, input=input, capture_output=True, text=True
        )
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.fixture
def image(azure, docker):
    name = f"{azure.client.url[8:]}/probe:1"
    assert docker("tag", str(helper_image(azure.config)), name)[0] == 0
    yield name
    docker("rmi", name)


def test_a_role_at_the_registry_decides_who_pushes(azure, estate, deployer, docker, image):
    answer = azure.ok("acr", "login", "--name", "estate01", "--expose-token", home=deployer)
    host, token = answer["loginServer"], answer["refreshToken"]
    code, said = docker("login", host, "--username", USER, "--password-stdin", input=token)
    assert code == 0, said
    code, said = docker("push", image)
    assert code == 0, said
    registry, pushed = RegistryClient(host, Credentials(USER, Secret(token))), ImageRef.parse(image)
    digest = registry.digest(pushed)
    registry.tag(replace(pushed, digest=digest), "2")
    azure.ok("role", "assignment", "delete", "--role", "AcrPush", "--scope", estate.registry)
    azure.assign("AcrPull", estate.principal, estate.registry)
    reader = RegistryClient(host, Credentials(USER, Secret(token)))
    assert sorted(reader.tags(pushed)) == ["1", "2"]
    with pytest.raises(RegistryError, match="authentication required"):
        reader.tag(replace(pushed, digest=digest), "3")


def test_a_firewall_that_says_no_is_named(azure, estate):
    with azure.faults({"at": "acr firewall", "times": 0}):
        assert "acr" in azure.refused("acr", "login", "--name", "estate01", "--expose-token").lower()


def test_an_image_is_brought_from_elsewhere_and_built_upon_in_the_registry(azure, estate, docker, tmp_path):
    base, where = helper_image(azure.config), ("--name", "estate01", "--resource-group", "estate")
    name = f"{base.repository}:{base.tag}"
    copy = ("acr", "import", *where, "--source", f"docker.io/library/{name}", "--image", "base:1")
    azure.ok(*copy)
    assert "Tag base:1 already exists in target registry" in azure.refused(*copy)
    azure.ok(*copy, "--force")
    (tmp_path / "Dockerfile").write_text("ARG BASE\nFROM $BASE\nCMD echo built\n")
    words = ("acr", "build", "--registry", "estate01", "--no-format", tmp_path)
    argument = f"BASE={azure.client.url[8:]}/base:1"
    ran = azure.az(*words, "--image", "built:1", "--build-arg", argument)
    assert ran.returncode == 0, ran.stderr
    assert " Succeeded\n" in ran.stdout
    docker("rmi", f"{azure.client.url[8:]}/built:1", f"{azure.client.url[8:]}/base:1")


def test_who_publishes_may_begin_a_copy_and_it_arrives_although_az_may_not_ask(
    azure, estate, deployer, monkeypatch
):
    """As the identity itself, with the two roles that azure.up gives it."""
    for name, value in azure.client.environment.items():
        monkeypatch.setenv(name, value)
    for role in (PUSH, IMPORT):
        azure.assign(role, estate.principal, estate.registry)
    base = helper_image(azure.config)
    azure_settings = replace(load_settings(), group="estate", registry=AcrSettings("estate01"))
    host = azure.client.url[8:]
    copy = ImageRef(host, "published", "1")
    original = ImageRef("docker.io", f"library/{base.repository}", base.tag)
    asked = acr.bring(Az(deployer), azure_settings, original, copy)
    said = session.AzSession(Local()).run(asked).error_text
    assert "operationResults/read" in said
    token = azure.ok("acr", "login", "--name", "estate01", "--expose-token", home=deployer)["refreshToken"]
    registry = RegistryClient(host, Credentials(USER, Secret(token)))
    wait.until(lambda: registry.digest(copy), "the copy", 60)


def test_a_build_that_fails_fails_and_shows_its_log(azure, estate, tmp_path):
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY nowhere /\n")
    words = ("acr", "build", "--registry", "estate01", "--no-format", tmp_path, "--image", "never:1")
    ran = azure.az(*words)
    assert ran.returncode != 0 and "COPY nowhere" in ran.stdout and "Run failed" in ran.stderr


def test_an_import_of_what_is_not_there_says_so(azure, estate):
    where = ("--name", "estate01", "--resource-group", "estate", "--image", "never:1")
    said = azure.refused("acr", "import", *where, "--source", "docker.io/library/never:1")
    assert "docker.io/library/never:1" in said and "not found" in said
