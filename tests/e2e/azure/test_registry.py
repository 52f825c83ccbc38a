"""ACR's tokens at the registry's door: docker pushes with AcrPush, and is refused with less."""

import os
import subprocess
from dataclasses import replace

import pytest

from scripts.command import Secret
from scripts.image import ImageRef
from scripts.registry import Credentials, Registry, RegistryError
from tests.e2e.standin import helper_image

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
    registry, pushed = Registry(host, Credentials(USER, Secret(token))), ImageRef.parse(image)
    digest = registry.digest(pushed)
    registry.tag(replace(pushed, digest=digest), "2")
    azure.ok("role", "assignment", "delete", "--role", "AcrPush", "--scope", estate.registry)
    azure.assign("AcrPull", estate.principal, estate.registry)
    reader = Registry(host, Credentials(USER, Secret(token)))
    assert sorted(reader.tags(pushed)) == ["1", "2"]
    with pytest.raises(RegistryError, match="authentication required"):
        reader.tag(replace(pushed, digest=digest), "3")


def test_a_firewall_that_says_no_is_named(azure, estate):
    with azure.faults({"at": "acr firewall", "times": 0}):
        assert "acr" in azure.refused("acr", "login", "--name", "estate01", "--expose-token").lower()
