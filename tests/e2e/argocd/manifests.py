"""A small web app as the gitops branch holds it: a base and an overlay with the pin."""

import json

from tests.e2e.cluster.objects import config_map, pod_spec, service, web, workload

OVERLAY = "dev/overlays/dev"
PIN = f"{OVERLAY}/kustomization.yaml"
DEPLOYMENT = "dev/base/deployment.yaml"
EXTRA = "dev/base/extra.yaml"


def files(image: str) -> dict[str, str]:
    """The whole environment, its pin on ``image``. The replicas are not git's business."""
    deployment = workload("Deployment", "web", pod_spec(web("web")))
    del deployment["spec"]["replicas"]
    return {
        "dev/base/kustomization.yaml": base("deployment.yaml", "service.yaml"),
        DEPLOYMENT: json.dumps(deployment),
        "dev/base/service.yaml": json.dumps(service("web")),
        PIN: pin(image),
    }


def base(*resources: str) -> str:
    return json.dumps(_kustomization(resources=resources))


def pin(image: str) -> str:
    name, _, tag = image.rpartition(":")
    images = [{"name": "web", "newName": name, "newTag": tag}]
    return json.dumps(_kustomization(resources=["../../base"], images=images))


def with_extra() -> dict[str, str]:
    """One more object, for the base."""
    return {
        "dev/base/kustomization.yaml": base("deployment.yaml", "service.yaml", "extra.yaml"),
        EXTRA: json.dumps(config_map("extra", key="value")),
    }


def _kustomization(**fields) -> dict:
    return {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", **fields}
