"""A clone of this repository, and its tasks pointed at the cluster under test (target `cluster`)."""

import re
import subprocess
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.conftest import Cluster
from tests.e2e.kubectl import Kubectl
from tests.e2e.project import Project, clone
from tests.e2e.standin import configuration, provide_base_images

# Names of this process alone: on a given cluster the sample's own namespaces may be somebody's, and other
# processes of the suite work there at the same time.
OWN = f"e2e-{uuid.uuid4().hex[:8]}"
NAMESPACE = f"{OWN}-dev"
CLONES = f"{OWN}-clones"
ENVIRONMENTS = ("dev", "staging", "production")
OVERLAY = "manifests/overlays/dev/kustomization.yaml"


@pytest.fixture(scope="package")
def project(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The project delivered to by every test of a module, from a path with a space."""
    folder = tmp_path_factory.mktemp("push")
    settings = {
        "INVOKE_TARGET": "cluster",
        "INVOKE_TARGETS_CLUSTER_REGISTRY": cluster.registry,
        "INVOKE_TARGETS_CLUSTER_KUBECONFIG": str(cluster.kubectl.kubeconfig),
        "INVOKE_ENVIRONMENTS_STAGING_ADMITS": "any",  # develop goes everywhere here
        "INVOKE_ENVIRONMENTS_PRODUCTION_ADMITS": "any",
    }
    bring_base_images(folder, cluster.registry)
    with fresh_namespace(cluster.kubectl):
        yield own_clone(folder / "a project", settings)


@contextmanager
def fresh_namespace(kubectl: Kubectl) -> Iterator[None]:
    """The app's namespace, without what another module's newer version has left there."""
    remove = ("delete", "namespace", NAMESPACE, "--ignore-not-found")
    kubectl.ok(*remove)
    yield
    kubectl(*remove, "--wait=false")


def bring_base_images(folder: Path, registry: str) -> None:
    whole = configuration(folder, registry, every_image=True)
    provide_base_images(whole)


def own_clone(target: Path, settings: dict[str, str]) -> Project:
    """A clone of this repository whose environments have the namespaces of this process."""
    return renamed(clone(target, settings), "vote", OWN)


def renamed(project: Project, old: str, new: str) -> Project:
    """The project with its environments' namespaces under another name, committed."""
    for file in ("invoke.yaml", *(f"manifests/overlays/{name}/kustomization.yaml" for name in ENVIRONMENTS)):
        project.commit(file, re.sub(rf"\b{old}-(?=dev|staging|production)", f"{new}-", project.read(file)))
    return project


@pytest.fixture
def delivered(project: Project) -> dict:
    """The outcome of a push of the project as it is."""
    return project.document("push")["outcome"]


@pytest.fixture
def changed(project, delivered):
    """Commits the overlay edited, and files beside it; the project is as before afterwards."""
    start = project.git("rev-parse", "HEAD")

    def change(edit, **files: str) -> None:
        for name, text in files.items():
            (project.repo / f"manifests/overlays/dev/{name}.yaml").write_text(text)
        project.git("add", ".")
        project.commit(OVERLAY, edit(project.read(OVERLAY)))

    yield change
    project.go_on_from(start)


def cloned(project: Project, target: Path) -> Project:
    subprocess.run(["git", "clone", "--quiet", "--branch=develop", project.repo, target], check=True)
    return Project(target, project.settings)


@pytest.fixture(scope="package")
def clones(project: Project, cluster: Cluster, tmp_path_factory) -> Iterator[dict[str, Project]]:
    """A clone for each environment, in namespaces of their own, to which the app has been delivered."""
    project.inv("image.push")  # of the project's commit, which other tests ask the image for
    folder = tmp_path_factory.mktemp("clones")
    first = renamed(cloned(project, folder / ENVIRONMENTS[0]), OWN, CLONES)
    made = {name: cloned(first, folder / name) for name in ENVIRONMENTS[1:]} | {ENVIRONMENTS[0]: first}
    with ThreadPoolExecutor() as pool:
        for answer in pool.map(lambda name: made[name].inv("push", "--env", name), ENVIRONMENTS):
            assert answer.exit == 0, answer
    yield made
    for name in ENVIRONMENTS:
        cluster.kubectl("delete", "namespace", f"{CLONES}-{name}", "--wait=false", "--ignore-not-found")
