"""The doctor's findings, with every program's answer planned."""

from dataclasses import replace

import pytest

from aks_flow.cli import doctor
from aks_flow.core.command import Result
from aks_flow.core.errors import AksFlowError
from tests.unit.planned import Planned

GOOD = {
    "git --version": "git version 2.39.5",
    "kubectl version --client": "Client Version: v1.37.1\nKustomize Version: v5.8.1",
    "act --version": "act version 0.2.89",
    "gh --version": "gh version 2.103.3 (2026-10-01)",
    "docker --version": "Docker version 28.2.2, build e6534b4",
    "docker version --format '{{.Server.Version}}'": "20.10.24+dfsg1",
    "docker-registry --version": "docker-registry github.com/docker/distribution 2.8.2",
    "mmdebstrap --version": "mmdebstrap 1.3.5",
}


def test_all_that_is_needed_is_here(config, capsys):
    doctor.check(config, Planned(GOOD))
    shown = capsys.readouterr().out
    assert "2.39.5" in shown and "20.10.24" in shown and "missing" not in shown


@pytest.mark.parametrize(
    ("asked", "answer", "name"),
    [
        ("git --version", "git version 1.8.3", "git"),
        ("docker version --format '{{.Server.Version}}'", Result(1, b"", b"Cannot connect"), "docker engine"),
        ("docker-registry --version", "", "docker-registry"),
    ],
)
def test_what_is_missing_or_too_old_is_named_with_its_fix(config, capsys, asked, answer, name):
    with pytest.raises(AksFlowError, match=f"target rehearsal lacks: {name}"):
        doctor.check(config, Planned(GOOD | {asked: answer}))
    fix = next(need.fix for need in doctor.NEEDS if need.name == name)
    assert fix.split()[0] in capsys.readouterr().out


def test_a_program_that_is_not_installed_is_a_finding_not_a_failure(config):
    class Nothing:
        def run(self, command):
            raise AksFlowError(f"the program {command.argv[0]!r} is not installed", next_step="Install it.")

    with pytest.raises(AksFlowError, match="lacks: git, kubectl, act, gh, docker, docker engine"):
        doctor.check(config, Nothing())


def test_another_target_asks_its_registry_and_its_cluster(config, capsys):
    target = replace(config.targets["cluster"], registry="localhost:1", context="mine")
    elsewhere = replace(config, target="cluster", targets={"cluster": target})
    version = "kubectl --context=mine version --request-timeout=5s"
    with pytest.raises(
        AksFlowError, match="target cluster lacks: registry localhost:1$|lacks: registry localhost:1. "
    ):
        doctor.check(elsewhere, Planned(GOOD | {version: "Client Version: v1.37.1\nServer Version: v1.36.2"}))
    assert "1.36.2" in capsys.readouterr().out
