"""What an environment's folder takes of a source commit, in a real repository."""

import pytest
import yaml

from aks_flow.core.config.load import load
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Local
from aks_flow.core.steps import Silent, Steps
from aks_flow.gitops.branch.branch import Branch
from aks_flow.gitops.folder.derive import derive_folder
from aks_flow.target.delivery import DeliveryContext
from aks_flow.target.registry import RegistryClient
from tests.unit.gitflow.conftest import alone  # noqa: F401
from tests.unit.gitflow.repository import Repository
from tests.unit.gitops.objects import digest
from tests.unit.rendering import ROOT

IMAGE = ImageRef("r.example", "front", "1.0.0", digest("it"))
OVERLAY = "images:\n  - name: front\n    newTag: x\n"
FILES = {
    "src/main.py": "",
    "README.md": "",
    "deploy/README.md": "",
    "deploy/base/kustomization.yml": "resources: [front.yaml, ../../shared/redis, ../../src, https://e.example/x]\n",
    "deploy/base/front.yaml": "",
    "deploy/base/files/settings.ini": "",
    "shared/redis/Kustomization": "resources: [redis.yaml]\n",
    "shared/redis/redis.yaml": "",
    "shared/other/kustomization.yaml": "[]\n",
    "components/extra/kustomization.yaml": "kind: Component\n",
    "deploy/overlays/dev/kustomization.yaml": f"resources: [../../base]\n{OVERLAY}",
    "deploy/overlays/dev/patch.yaml": "",
    "deploy/overlays/production/kustomization.yaml": f"resources: [../../base]\n{OVERLAY}",
}
LED_TO = {
    *("deploy/base/kustomization.yml", "deploy/base/front.yaml", "deploy/base/files/settings.ini"),
    *("shared/redis/Kustomization", "shared/redis/redis.yaml"),
    *("deploy/overlays/dev/kustomization.yaml", "deploy/overlays/dev/patch.yaml"),
}


@pytest.fixture
def repository(tmp_path) -> Repository:
    made = Repository(tmp_path / "project")
    made.path.mkdir()
    made.git("init", "--quiet", "--initial-branch=main")
    for name, text in FILES.items():
        file = made.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    made.git("add", ".")
    made.commit()
    return made


def files(repository: Repository, manifests: str, **of_environment: str) -> set[str]:
    """What is in the folder of dev."""
    values = yaml.safe_load((ROOT / "invoke.yaml").read_text())
    values["images"], values["app"]["manifests"] = {}, manifests
    values["environments"]["dev"] |= of_environment
    config = load(values, repository.path)
    context = DeliveryContext(Local(), RegistryClient("r.example"), config, Steps(Silent()))
    branch = Branch(Local(), repository.path, "origin", "gitops", ("front",), {"dev": ""})
    folder = derive_folder(context, branch, "dev", IMAGE, repository.git("rev-parse", "HEAD"))
    assert "1.0.0" in folder.text
    return set(repository.git("ls-tree", "-r", "--name-only", folder.tree).splitlines())


def test_a_repository_that_is_the_manifests_gives_what_the_overlay_leads_to(repository):
    assert files(repository, ".", overlay="deploy/overlays/dev") == LED_TO


def test_a_folder_of_manifests_is_taken_whole_but_for_others_overlays(repository):
    inside = {name.removeprefix("deploy/") for name in FILES if name.startswith("deploy/")}
    assert files(repository, "deploy") == inside - {"overlays/production/kustomization.yaml"}
