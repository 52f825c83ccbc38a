"""A shop of two images, an `api` and the `web` that answers, in a repository of its own."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from aks_flow.core.command import Command, Result
from aks_flow.core.config import Config
from aks_flow.core.config.load import load
from aks_flow.core.image_ref import ImageRef, by_name
from aks_flow.core.steps import Silent, Steps
from aks_flow.push import planning
from aks_flow.push.artifacts import build_artifacts
from aks_flow.push.plan import PushPlan
from aks_flow.push.prefetch import Prefetch
from aks_flow.push.request import PushRequest
from aks_flow.target.delivery import DeliveryContext
from aks_flow.target.registry_http import RegistryAnswer
from tests.unit.gitflow.repository import Quick, Repository

REGISTRY = "localhost:5000/team"
SETTINGS = {
    "target": "here",
    "app": {
        "name": "web",
        "manifests": "deploy",
        "images": {
            "api": {"context": "services/api", "target": "run", "args": {"BASE": "runtime"}},
            "web": {"context": "services/web"},
        },
    },
    "images": {"runtime": {"source": "debian:12"}, "store": {"source": "postgres:16"}},
    "environments": {
        "dev": {"namespace": "shop-dev", "admits": "any"},
        "production": {"namespace": "shop", "admits": "final"},
    },
    "deadline": 5,
    "lock": {"wait": 5},
    "canary": {"steps": [50], "seconds": 0},
    "targets": {
        "here": {"registry": REGISTRY},
        "rehearsal": {"registry": "localhost:5050"},
    },
    "gitops": {"branch": "gitops", "namespace": "argocd"},
    "azure": {
        "location": "westeurope",
        "group": "shop",
        "registry": {},
        "cluster": {"name": "shop"},
        "home": ".azure",
    },
    "rehearsal": {"api_port": 6550, "azure_port": 6551},
}
WEB = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: web}]
"""
API = """apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      initContainers: [{name: migrate, image: api, command: [migrate]}]
      containers: [{name: api, image: api}]
"""
STORE = """apiVersion: apps/v1
kind: StatefulSet
metadata: {name: store}
spec:
  serviceName: store
  selector: {matchLabels: {app: store}}
  template:
    metadata: {labels: {app: store}}
    spec:
      containers: [{name: store, image: store}]
"""
PLACEHOLDER = "sha256:" + "0" * 64
PIN = """  - name: {name}
    newName: registry.invalid/{name}
    newTag: "0.0.0"
    digest: {digest}
"""


def overlay(namespace: str, *names: str) -> str:
    """A kustomization whose pins name images that do not exist."""
    pins = "".join(PIN.format(name=name, digest=PLACEHOLDER) for name in names)
    return f"namespace: {namespace}\nresources: [../../base]\nimages:\n{pins}"


FILES = {
    "services/api/Dockerfile": "ARG BASE\nFROM ${BASE} AS run\n",
    "services/web/Dockerfile": "FROM scratch\n",
    "deploy/base/web.yaml": WEB,
    "deploy/base/api.yaml": API,
    "deploy/base/store.yaml": STORE,
    "deploy/base/kustomization.yaml": "resources: [web.yaml, api.yaml, store.yaml]\n",
    "deploy/overlays/dev/kustomization.yaml": overlay("shop-dev", "web", "api", "store"),
    "deploy/overlays/production/kustomization.yaml": overlay("shop", "web", "api", "store"),
}


def commit(repository: Repository, files: dict[str, str]) -> None:
    for name, text in files.items():
        file = repository.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "-m", "Change the shop")


def make(folder: Path) -> Repository:
    """The repository, on develop, where the next version is 1.1.0-alpha.N."""
    repository = Repository(folder)
    folder.mkdir()
    repository.git("init", "--quiet", "--initial-branch=main")
    commit(repository, FILES)
    repository.git("tag", "-a", "-m", "1.0.0", "v1.0.0")
    repository.git("remote", "add", "origin", "https://git.example.com/team/shop.git")
    repository.git("checkout", "--quiet", "-b", "develop")
    return repository


def digest(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


class Programs:
    """git and kustomize as they are; docker and the cluster as they were told to answer.

    answers: by the command's first words after `docker` or kubectl's own flags. Nothing was delivered before.
    """

    def __init__(self, **answers: str):
        self._quick, self.answers, self.ran = Quick(), answers, []

    def run(self, command: Command) -> Result:
        program, verb, *_ = [word for word in command.argv if not word.startswith("--")]
        if program == "git" or verb == "kustomize":
            return self._quick.run(command)
        self.ran.append(command)
        nothing = {"secrets", "--filename=-"} & set(command.argv) and verb == "get"
        answer = "" if nothing else self.answers.get(f"{program}_{verb}", "")
        return Result(0, answer.encode(), b"")

    def lines(self, program: str) -> list[str]:
        return [str(command) for command in self.ran if command.argv[0] == program]


class Shelves:
    """A registry that holds what was pushed to it, under digests of its own."""

    def __init__(self, programs: Programs, **held: str):
        self._programs, self.held = programs, held

    def digest(self, image: ImageRef) -> str | None:
        name = f"{image.repository}:{image.tag}"
        if f"docker push --quiet {image.registry}/{name}" in self._programs.lines("docker"):
            self.held[name] = digest(name)
        return self.held.get(name)

    def manifest(self, image: ImageRef) -> RegistryAnswer:
        return RegistryAnswer(200, {}, b"{}")

    def tag(self, image: ImageRef, tag: str) -> None:
        self.held[f"{image.repository}:{tag}"] = image.digest

    def tags(self, image: ImageRef) -> list[str]:
        names = (name.rpartition(":") for name in self.held)
        return [tag for repository, _, tag in names if repository == image.repository]


def config(root: Path, settings: dict = SETTINGS) -> Config:
    return load(json.loads(json.dumps(settings)), root)


def delivery(repository: Repository, programs: Programs | None = None) -> DeliveryContext:
    """What a delivery of the shop works with; its registry has the copies of others' images."""
    programs = programs or Programs()
    copies = {"team/debian:12": digest("debian"), "team/postgres:16": digest("postgres")}
    shelves = Shelves(programs, **copies)
    return DeliveryContext(programs, shelves, config(repository.path), Steps(Silent()))


def plan_ahead(context: DeliveryContext, asked: PushRequest) -> tuple[PushPlan, str]:
    """A plan that was begun during the build, and the text that was rendered then."""
    with ThreadPoolExecutor() as pool:
        prefetch = Prefetch(pool, context, asked)
        artifacts = build_artifacts(context, asked, prefetch.render)
        made = planning.make_plan(context, asked, artifacts, prefetch)
    images = by_name(artifacts.image, context.config.app.own_image)
    return made, prefetch.rendered({**artifacts.copies, **images})
