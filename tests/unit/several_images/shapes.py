"""The shop in other shapes than kustomize: plain manifests for all environments, in folders, and a chart."""

import copy
from dataclasses import replace

from aks_flow.core.command import Command, Result
from aks_flow.core.config.load import load
from aks_flow.core.runner import CommandFailed
from aks_flow.target.delivery import DeliveryContext
from tests.unit.gitflow.repository import Repository
from tests.unit.manifests import helm
from tests.unit.several_images.project import API, SETTINGS, STORE, WEB, Programs, commit, delivery

CONFIGURED = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {tier: NAME}\n"
_STORE = STORE.replace("image: store", "image: postgres:16")
_WEB = WEB.replace("image: web", "image: ghcr.io/web:latest")
_CHART = {
    "charts/shop/Chart.yaml": "apiVersion: v2\nname: shopping\nversion: 1.0.0\n",
    "charts/shop/values.yaml": (
        "web: {image: {repository: ghcr.io/acme/web, tag: latest}}\n"
        "api: {image: api}\nstore: {image: {registry: '', repository: postgres, tag: '16', digest: ''}}\n"
        "tier: none\n"
    ),
    "charts/shop/templates/web.yaml": WEB.replace(
        "image: web", "image: '{{ .Values.web.image.repository }}:{{ .Values.web.image.tag }}'"
    ).replace("labels: {app: web}", "labels: {app: web, version: '{{ .Values.web.image.tag }}'}"),
    "charts/shop/templates/api.yaml": API.replace("image: api", "image: '{{ .Values.api.image }}'"),
    "charts/shop/templates/store.yaml": STORE.replace("image: store", "image: postgres:16"),
    "charts/shop/templates/settings.yaml": CONFIGURED.replace("NAME", "{{ .Values.tier }}"),
    "charts/dev.yaml": "tier: dev\n",
    "charts/production.yaml": "tier: production\n",
}
FILES = {
    "flat": {
        "k8s/web.yaml": _WEB,
        "k8s/api.json": '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "api"}, "spec": {}}',
        "k8s/more/api.yml": API,
        "k8s/more/store.yaml": _STORE,
        "k8s/argocd/project.yaml": "kind: AppProject\n",
        "k8s/.hidden.yaml": "not: read\n",
        "k8s/README.md": "not read\n",
    },
    "folders": {
        "k8s/web.yaml": _WEB,
        "k8s/api.yaml": API,
        "k8s/store.yaml": _STORE,
        "k8s/dev/settings.yaml": CONFIGURED.replace("NAME", "dev"),
        "k8s/live/settings.yaml": CONFIGURED.replace("NAME", "production"),
    },
    "chart": _CHART,
}
HELM = {
    "kind": "helm",
    "chart": "charts/shop",
    "images": {"web": "web.image", "api": "api.image", "store": "store.image"},
}


def settings(shape: str) -> dict:
    made = copy.deepcopy(SETTINGS)
    made["app"] |= {"manifests": "k8s", "render": {"kind": "plain"}}
    if shape == "folders":
        made["environments"]["production"]["overlay"] = "k8s/live"
    if shape == "chart":
        made["app"]["render"] = HELM
        for name, environment in made["environments"].items():
            environment["values"] = [f"charts/{name}.yaml"]
    return made


class WithHelm(Programs):
    """With a Helm that renders the charts of tests."""

    def run(self, command: Command) -> Result:
        if command.argv[0] != "helm":
            return super().run(command)
        self.ran.append(command)
        answer = helm.template(command)
        if answer.code:
            raise CommandFailed(command, answer)
        return answer


def shaped(repository: Repository, shape: str, programs: Programs | None = None) -> DeliveryContext:
    """A delivery of the shop in this shape, whose kustomizations are gone."""
    repository.git("rm", "--quiet", "-r", "deploy")
    commit(repository, FILES[shape])
    context = delivery(repository, programs or WithHelm())
    return replace(context, config=load(settings(shape), repository.path))
