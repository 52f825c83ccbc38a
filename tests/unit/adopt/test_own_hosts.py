"""Environments of one cluster get hosts of their own: the manifests' with the environment's name before."""

import pytest
import yaml

from aks_flow.adopt.content import own_hosts
from aks_flow.core.runner import Local
from aks_flow.tools.kubectl import kustomize
from tests.unit.adopt.repositories import shaped

INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop}
spec:
  tls:
    - {secretName: shop-tls, hosts: [shop.example.com, "*.shop.example.com"]}
  rules:
    - &rule
      host: shop.example.com
      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
    - {<<: *rule, host: "*.shop.example.com"}
    - http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
"""
ROUTE = """\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: api}
spec:
  hostnames: [api.example.com]
  rules: [{backendRefs: [{name: web, port: 80}]}]
"""
WITHOUT = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n"
BASE = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [all.yaml]\n"


def hosts_of(objects: list[dict]) -> set[str]:
    """All hosts of Ingresses and routes."""
    hosts = set()
    for item in objects:
        spec = item["spec"]
        hosts |= {rule["host"] for rule in spec.get("rules", []) if "host" in rule}
        hosts |= {host for entry in spec.get("tls", []) for host in entry["hosts"]} | {
            *spec.get("hostnames", [])
        }
    return hosts


@pytest.fixture
def rendered(tmp_path):
    """What kustomize makes of a text of objects with some keys more."""

    def render(text: str, keys: str) -> list[dict]:
        (tmp_path / "all.yaml").write_text(text)
        (tmp_path / "kustomization.yaml").write_text(BASE + keys)
        return list(yaml.safe_load_all(Local().run(kustomize.render(tmp_path)).text))

    return render


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (INGRESS, {"dev.shop.example.com", "*.dev.shop.example.com"}),
        (ROUTE, {"dev.api.example.com"}),
        (f"{INGRESS}---\n{ROUTE}", {"dev.shop.example.com", "*.dev.shop.example.com", "dev.api.example.com"}),
    ],
)
def test_every_host_of_an_environment_is_its_own(rendered, text, own):
    patched = rendered(text, own_hosts.patches(yaml.safe_load_all(text), "dev"))
    assert hosts_of(patched) == own
    assert len(patched) == len(list(yaml.safe_load_all(text)))


def test_what_has_no_host_is_left_alone():
    assert own_hosts.patches(yaml.safe_load_all(WITHOUT), "dev") == ""


@pytest.mark.parametrize("name", ["staging", "preview", ""])
def test_another_environment_s_file_gets_the_other_s_hosts(rendered, name):
    there = own_hosts.moved(own_hosts.patches(yaml.safe_load_all(INGRESS), "dev"), "dev", name)
    before = f"{name}." if name else ""
    assert hosts_of(rendered(INGRESS, there)) == {f"{before}shop.example.com", f"*.{before}shop.example.com"}


def test_adopted_environments_have_hosts_apart_and_one_that_was_removed_its_own_again(tmp_path):
    repository = shaped(tmp_path, "own-tasks")
    (file,) = (path for path in repository.path.rglob("kustomization.yaml"))
    listed = yaml.safe_load(file.read_text())
    listed["resources"].append("ingress.yaml")
    file.write_text(yaml.safe_dump(listed))
    (file.parent / "ingress.yaml").write_text(INGRESS)
    repository.commit()
    adoption = repository.adopt()
    overlays = {item.name: repository.path / item.overlay for item in adoption.answers.environments}
    assert _hosts(overlays["dev"]) == {"dev.shop.example.com", "*.dev.shop.example.com"}
    assert _hosts(overlays["production"]) == {"shop.example.com", "*.shop.example.com"}
    (overlays["staging"] / "kustomization.yaml").unlink()
    repository.adopt()
    assert _hosts(overlays["staging"]) == {"staging.shop.example.com", "*.staging.shop.example.com"}


def _hosts(overlay) -> set[str]:
    objects = yaml.safe_load_all(Local().run(kustomize.render(overlay)).text)
    return hosts_of([item for item in objects if item["kind"] == "Ingress"])
