"""The manifests of every environment agree with each other and with the app; and faults are found."""

import copy
import difflib
import fnmatch
import shutil
import subprocess
import sys
from functools import cache
from itertools import combinations
from pathlib import Path

import jsonpatch
import pytest
import yaml

from scripts.manifests.agree import findings
from scripts.manifests.checks.facts import matches, where
from scripts.manifests.checks.pod_security import violations

ROOT = Path(__file__).parents[2]
OVERLAYS = ROOT / "manifests" / "overlays"
DATA = Path(__file__).parent / "data"
ENVIRONMENTS = ("dev", "staging", "production")
SECRETS = {"redis-auth": {"password"}}
FAULTS = yaml.safe_load((DATA / "manifest_faults.yaml").read_text())
POD_FAULTS = yaml.safe_load((DATA / "pod_security_faults.yaml").read_text())
RESTRICTED_POD = {
    "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
    "containers": [
        {
            "name": "c",
            "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        }
    ],
}


@cache
def rendered(folder: Path) -> list[dict]:
    kubectl = Path(sys.executable).parent / "kubectl"
    output = subprocess.run([kubectl, "kustomize", folder], capture_output=True, check=True).stdout
    return list(yaml.safe_load_all(output))


@cache
def routes() -> dict[str, set[str]]:
    sys.path.insert(0, str(ROOT / "app"))
    from vote.app import create_app

    return {"front": {rule.rule for rule in create_app({}).url_map.iter_rules()}}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_all_objects_of_an_environment_agree(environment):
    objects = rendered(OVERLAYS / environment)
    assert {found["kind"] for found in objects} == {
        "Namespace",
        "ConfigMap",
        "Service",
        "Deployment",
        "StatefulSet",
        "HorizontalPodAutoscaler",
        "PodDisruptionBudget",
        "NetworkPolicy",
    }
    assert [str(finding) for finding in findings(objects, routes(), SECRETS)] == []


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case["fault"])
def test_a_fault_is_found(case):
    objects = seeded(rendered(OVERLAYS / "production"), case)
    found = [str(finding) for finding in findings(objects, routes(), SECRETS)]
    assert len(found) == len(case["findings"]), found
    for text, pattern in zip(found, case["findings"], strict=True):
        assert fnmatch.fnmatchcase(text, pattern)


def seeded(objects: list[dict], case: dict) -> list[dict]:
    """The objects with one case's fault in them."""
    objects = copy.deepcopy(objects)
    if "add" in case:
        return [*objects, case["add"]]
    pattern = case.get("object") or case["remove"]
    (target,) = (found for found in objects if fnmatch.fnmatchcase(where(found), pattern))
    if "remove" in case:
        return [found for found in objects if found is not target]
    jsonpatch.apply_patch(target, case["patch"], in_place=True)
    return objects


@pytest.mark.parametrize("case", POD_FAULTS, ids=lambda case: case["patch"][0]["path"].strip("/"))
def test_pod_security_restricted_is_judged_field_by_field(case):
    assert list(violations(RESTRICTED_POD)) == []
    expected = [case["says"]] if case["says"] else []
    assert list(violations(jsonpatch.apply_patch(RESTRICTED_POD, case["patch"]))) == expected


@pytest.mark.parametrize(
    ("term", "selected"),
    [
        ({"key": "a", "operator": "In", "values": ["1", "2"]}, True),
        ({"key": "a", "operator": "NotIn", "values": ["1"]}, False),
        ({"key": "b", "operator": "NotIn", "values": ["1"]}, True),
        ({"key": "a", "operator": "Exists"}, True),
        ({"key": "b", "operator": "Exists"}, False),
        ({"key": "b", "operator": "DoesNotExist"}, True),
    ],
)
def test_selectors_understand_expressions(term, selected):
    assert matches({"matchExpressions": [term]}, {"a": "1"}) is selected


def test_an_empty_selector_selects_everything_and_none_nothing():
    assert matches({}, {"a": "1"})
    assert not matches(None, {"a": "1"})


@pytest.mark.parametrize(("one", "other"), list(combinations(ENVIRONMENTS, 2)))
def test_overlays_differ_by_a_few_lines(one, other):
    texts = [(OVERLAYS / name / "kustomization.yaml").read_text().splitlines() for name in (one, other)]
    changed = [line for line in difflib.ndiff(*texts) if line.startswith(("+ ", "- "))]
    assert 0 < len(changed) <= 6
    assert [path.name for path in (OVERLAYS / one).iterdir()] == ["kustomization.yaml"]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_front_end_is_told_which_image_it_is(environment):
    (deployment,) = (found for found in rendered(OVERLAYS / environment) if found["kind"] == "Deployment")
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    variables = {variable["name"]: variable.get("value") for variable in container["env"]}
    assert variables["APP_IMAGE"] == container["image"]
    assert container["image"].endswith(":0.0.0@sha256:" + "0" * 64)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_environment_has_a_namespace_and_no_secret_of_its_own(environment):
    objects = rendered(OVERLAYS / environment)
    assert [found["metadata"]["name"] for found in objects if found["kind"] == "Namespace"] == [
        f"vote-{environment}"
    ]
    assert not [found for found in objects if found["kind"] == "Secret"]


def test_files_of_the_base_hold_one_object_each():
    files = [path for path in (ROOT / "manifests").rglob("*.yaml") if path.name != "kustomization.yaml"]
    assert files
    for path in files:
        assert len(list(yaml.safe_load_all(path.read_text()))) == 1, path


def test_a_rolling_update_adds_before_it_takes_away():
    (deployment,) = (found for found in rendered(OVERLAYS / "production") if found["kind"] == "Deployment")
    assert deployment["spec"]["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}


def test_a_changed_setting_starts_a_rolling_update(tmp_path):
    names = [config_map_name(tmp_path / "one", b""), config_map_name(tmp_path / "two", b"TITLE=Other?\n")]
    assert names[0] != names[1]


def config_map_name(folder: Path, added: bytes) -> str:
    """The name that the Deployment refers to, after ``added`` replaced the title."""
    shutil.copytree(ROOT / "manifests", folder)
    settings = folder / "base/front/front.env"
    if added:
        settings.write_bytes(added + b"OPTIONS=a,b\n")
    (deployment,) = (found for found in rendered(folder / "overlays/dev") if found["kind"] == "Deployment")
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    (title,) = (variable for variable in container["env"] if variable["name"] == "TITLE")
    return title["valueFrom"]["configMapKeyRef"]["name"]
