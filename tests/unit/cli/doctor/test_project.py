"""What the doctor finds in a project before its first delivery: a copy of the sample with a fault put in."""

import shutil
from pathlib import Path

import pytest
import yaml

from aks_flow import collection
from aks_flow.cli.doctor import project_facts, project_findings
from aks_flow.core.config.load import load
from aks_flow.core.runner import Local

ROOT = Path(__file__).resolve().parents[4]
FAULTS = yaml.safe_load((Path(__file__).parent / "project_faults.yaml").read_text())


@pytest.fixture
def found(remote, settings):
    """Change files and configuration, and find what stops a delivery: what is found and helps, by line."""
    folder = remote.work.path
    for name in ("manifests", "app", ".github"):
        shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)

    def find(change: dict, contract: dict) -> dict[str, tuple[str, str]]:
        for file, (old, new) in change.items():
            text = (folder / file).read_text()
            assert old in text
            (folder / file).write_text(text.replace(old, new))
        config = load({**settings, "contract": {**settings["contract"], **contract}}, folder)
        facts = project_facts.read(Local(), config, collection())
        helped = [finding for finding in project_findings.decide(facts) if finding.help]
        return {finding.name: (finding.found, finding.help) for finding in helped}

    return find


def test_the_sample_is_ready(found):
    assert found({}, {}) == {}


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case["name"])
def test_a_fault_is_a_line_that_says_what_helps(found, case):
    seen = found(case.get("change", {}), case.get("contract", {}))
    assert sorted(seen) == sorted(case["lines"])
    for line, (says, helps) in case["lines"].items():
        assert says in seen[line][0] and helps in seen[line][1]


def test_a_dockerfile_that_is_not_there_is_a_line(found, remote):
    (remote.work.path / "app" / "Dockerfile").unlink()
    assert found({}, {}) == {
        "image front": ("no app/Dockerfile", "add it, or correct app.images.front in invoke.yaml")
    }


MORE = """apiVersion: v1
kind: ResourceQuota
metadata: {name: front}
spec: {hard: {pods: "9"}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: front}
rules: []
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: front}
spec: {gatewayClassName: approuting-istio}
---
"""


@pytest.mark.parametrize(
    ("ingress", "kinds"), [("none", "Gateway, ResourceQuota, Role"), ("gateway", "ResourceQuota, Role")]
)
def test_what_azure_s_role_for_deliveries_does_not_write_is_told_there(found, settings, ingress, kinds):
    change = {"manifests/base/front/service.yaml": ("apiVersion: v1", f"{MORE}apiVersion: v1")}
    assert "RBAC Writer" not in found({}, {})
    settings |= {"target": "azure"}
    settings["azure"] |= {"registry": {"name": "votes"}, "cluster": {"ingress": ingress}}
    assert "RBAC Writer" not in found({}, {})
    says, helps = found(change, {})["RBAC Writer"]
    assert says == f"does not write {kinds}" and "docs/azure.md" in helps
