"""Build once: what a release's merge means for the image."""

from pathlib import Path

import pytest
import yaml

from aks_flow.core.config.load import load
from aks_flow.core.errors import AksFlowError
from aks_flow.core.steps import Silent, Steps
from aks_flow.gitflow import source
from aks_flow.gitflow.finish import finish
from aks_flow.gitflow.flow import open_flow
from aks_flow.gitflow.start import start
from aks_flow.image import build_once, keys
from aks_flow.target.delivery import DeliveryContext
from aks_flow.target.registry_http import RegistryAnswer
from tests.unit.gitflow.repository import Quick

DIGEST = "sha256:" + "a" * 64
SETTINGS = Path(__file__).resolve().parents[3] / "invoke.yaml"


class Shelf:
    """A registry that holds these tags."""

    def __init__(self, *tags):
        self.tags = set(tags)

    def digest(self, image):
        return DIGEST if image.tag in self.tags else None

    def manifest(self, image):
        return RegistryAnswer(200, {}, b"{}")


def flow(repo):
    return open_flow(Quick(), repo.path, {}, Steps(Silent()), {})


def context(repo, *tags):
    config = load(yaml.safe_load(SETTINGS.read_text()), repo.path)
    return DeliveryContext(Quick(), Shelf(*tags), config, Steps(Silent()))


def decide(repo, *tags):
    return build_once.decide(context(repo, *tags), source.read(Quick(), repo.path, {}), "front")


def key(repo):
    return keys.tree_key(context(repo), source.read(Quick(), repo.path, {}), "front")


@pytest.fixture
def candidate(repo):
    """release/1.5.0 with an app of its own; the key that its image has."""
    (repo.path / "app").unlink()
    (repo.path / "app").mkdir()
    repo.commit("app/Dockerfile", "FROM scratch\n")
    start(flow(repo), "release", "1.5.0")
    repo.commit("app/code", "one\n")
    return key(repo)


def finished(repo):
    finish(flow(repo), "release")
    repo.git("checkout", "--quiet", "v1.5.0")


def test_an_undiverged_release_is_the_image_that_staging_ran(repo, candidate):
    finished(repo)
    decision = decide(repo, candidate)
    assert (decision.key, decision.digest, decision.version) == (candidate, DIGEST, "1.5.0")
    assert "app/ is as in the candidate" in str(decision) and "nothing to build" in str(decision)


def test_a_diverged_main_is_built_anew_and_says_which_files_differ(repo, candidate):
    repo.git("checkout", "--quiet", "main")
    repo.git("rm", "--quiet", "--ignore-unmatch", "app")
    (repo.path / "app").mkdir(exist_ok=True)
    repo.commit("app/patch", "one\n")
    finished(repo)
    decision = decide(repo, candidate)
    assert decision.digest == "" and decision.key != candidate
    assert "main has 1 commit that the candidate" in decision.why
    assert "app/patch differs, so the image is built anew" in decision.why


def test_a_main_that_moved_outside_of_the_app_builds_nothing(repo, candidate):
    repo.git("checkout", "--quiet", "main")
    repo.commit("elsewhere", "one\n")
    finished(repo)
    assert decide(repo, candidate).digest == DIGEST


def test_a_candidate_that_was_never_published_is_named(repo, candidate):
    finished(repo)
    assert "the candidate was never published" in decide(repo).why


def test_what_is_no_release_is_refused(repo, candidate):
    with pytest.raises(AksFlowError, match="1.5.0-rc.4 is no release"):
        decide(repo, candidate)
