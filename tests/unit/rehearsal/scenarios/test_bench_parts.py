"""bench's own project, and what its newer figures are made of."""

from dataclasses import fields, replace
from pathlib import Path

import pytest
import yaml
from invoke.env import Environment

from aks_flow.azure.identity import access
from aks_flow.core.config.load import load
from aks_flow.core.project import FILE
from aks_flow.core.steps import Silent, Step, Steps
from aks_flow.rehearsal.scenarios.bench import many_services, on_azure, rehearsals, scratch, writers
from aks_flow.rehearsal.scenarios.bench.rehearsals import RehearsalPart
from aks_flow.rehearsal.scenarios.push_and_pull import with_azure
from aks_flow.rehearsal.standins.azure.seed import Seed
from aks_flow.target.delivery import DeliveryContext
from tests.unit.planned import Planned

ROOT = Path(__file__).parents[4]
WRITTEN, SUPERSEDED = (writers._CODES[status] for status in ("written", "superseded"))


@pytest.fixture
def files(config) -> dict[str, str]:
    return scratch._files(replace(config, root=ROOT), many_services.ENVIRONMENTS)


def test_bench_s_own_project_is_one_that_every_task_takes(files, tmp_path):
    own = load(yaml.safe_load(files[FILE]), tmp_path)
    assert {name: item.namespace for name, item in own.environments.items()} == {
        "one": "bench-one",
        "fifty": "bench-fifty",
    }
    assert not (own.secrets or own.smoke or own.contract.service or own.images)


@pytest.mark.parametrize(("name", "count"), many_services.ENVIRONMENTS.items())
def test_an_environment_has_as_many_services_as_it_is_called_after(files, name, count):
    objects = list(yaml.safe_load_all(files[f"manifests/overlays/{name}/services.yaml"]))
    kinds = [item["kind"] for item in objects]
    assert kinds.count("Deployment") == kinds.count("Service") == count and len(kinds) == 2 * count + 1
    assert {item["spec"]["replicas"] for item in objects if item["kind"] == "Deployment"} == {0}


@pytest.mark.parametrize(
    ("codes", "commits", "newest", "lost"),
    [
        ([WRITTEN, SUPERSEDED, WRITTEN], 2, True, 0),
        ([WRITTEN, 1, SUPERSEDED], 1, True, 1),
        ([WRITTEN, -9, 1], 1, True, 2),
        ([WRITTEN, WRITTEN, SUPERSEDED], 1, True, 1),
        ([WRITTEN, SUPERSEDED], 1, False, 1),
    ],
    ids=["none", "one that failed", "two that failed", "a commit that is not there", "the newest"],
)
def test_a_version_is_lost_if_it_was_neither_written_nor_superseded(codes, commits, newest, lost):
    assert writers.lost(codes, commits, newest) == lost


def step(name: str, started: float, seconds: float) -> Step:
    return Step(name, started, seconds)


@pytest.mark.parametrize(
    ("steps", "seconds"),
    [
        ([step("plan", 11, 1)], 10),
        ([step("objects", 10, 3), step("ready", 15, 4)], 7),
        ([step("commit", 11, 1), step("rollout", 14, 3), step("seen", 18, 2)], 6),
        ([step("commit", 5, 4), step("plan", 11, 1), step("seen", 21, 1)], 10),
    ],
    ids=["all of it", "after Argo CD's objects", "from the commit to the look", "other parts' steps"],
)
def test_a_part_s_delivery_is_what_lies_between_the_rehearsal_s_own_steps(steps, seconds):
    assert RehearsalPart(10, 20, steps).delivery == seconds


def test_what_is_not_in_a_delivery_is_the_rehearsal_s(config, monkeypatch):
    """Two deliveries, and a second before the first."""
    clock = iter([1, 4, 6])

    def play(context, announce):
        announce("push")
        announce("pull")

    monkeypatch.setattr(rehearsals.time, "time", lambda: next(clock))
    monkeypatch.setattr(rehearsals.prepare, "stand_ins", lambda *_: None)
    monkeypatch.setattr(rehearsals.both_paths, "play", play)
    played = rehearsals._Played(DeliveryContext(Planned({}), None, config, Steps(Silent())))
    played.play()
    assert played.deliveries == 5


def test_a_push_to_the_rehearsal_s_azure_is_led_there_by_variables(monkeypatch, tmp_path):
    """As Invoke reads them."""
    settings = yaml.safe_load((ROOT / FILE).read_text())
    made = Seed(*(f"{field.name}-id" for field in fields(Seed)))
    wanted = with_azure.at_azure(load(settings, tmp_path), made)
    for name, text in on_azure.variables(wanted).items():
        monkeypatch.setenv(name, text)
    read = load(_merged(settings, Environment(settings, "INVOKE_").load()), tmp_path)
    assert (read.target, read.vault, read.azure_home) == (wanted.target, wanted.vault, wanted.azure_home)
    assert replace(read.destination, azure=None, repository="") == replace(
        wanted.destination, azure=None, repository=""
    )
    keys = ("subscription", "tenant", "home", "vault", "registry")
    assert [getattr(read.azure, key) for key in keys] == [getattr(wanted.azure, key) for key in keys]


def test_azure_is_made_for_one_environment_which_shares_no_namespace_with_the_other_side(tmp_path):
    config = load(yaml.safe_load((ROOT / FILE).read_text()), tmp_path)
    own = on_azure.alone(config, "dev")
    assert [item.namespace for item in own.environments.values()] == ["bench-azure"]
    assert list(access.identities(own)) == ["dev"]


def _merged(settings: dict, own: dict) -> dict:
    return settings | {
        key: _merged(settings[key], value) if isinstance(value, dict) else value for key, value in own.items()
    }
