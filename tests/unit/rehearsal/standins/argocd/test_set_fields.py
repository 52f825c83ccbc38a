"""ApplicationSets: what is refused of them, what becomes of a template, and what the status says."""

import pytest
import yaml

from aks_flow.rehearsal.standins.argocd.application_sets import generating, set_status, unoffered_fields
from aks_flow.rehearsal.standins.argocd.application_sets.generating import TemplateError
from aks_flow.rehearsal.standins.argocd.application_sets.set_status import Reason, SetError
from tests.unit.rendering import ROOT

HOST = "github.localhost"
NOW, BEFORE = "2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"
REQUEST = {
    "number": 12,
    "title": "Serve tea",
    "head": {"ref": "feature/tea", "sha": "0123456789abcdef"},
    "base": {"ref": "develop"},
    "labels": [{"name": "preview"}, {"name": "tea"}],
}


def template() -> dict:
    """What `adopt` writes."""
    made = yaml.safe_load((ROOT / "scripts/aks_flow/adopt/templates/previews.yaml").read_text())
    made["metadata"] |= {"uid": "u", "namespace": "argocd"}
    github_of(made["spec"])["api"] = f"https://{HOST}/"
    return made


def github_of(spec: dict) -> dict:
    return spec["generators"][0]["pullRequest"]["github"]


def request_of(spec: dict) -> dict:
    return spec["generators"][0]["pullRequest"]


def test_our_own_asks_for_nothing_that_is_not_offered():
    made = template()
    github_of(made["spec"])["tokenRef"] = {"secretName": "github-token", "key": "token"}
    assert unoffered_fields.faults(made, HOST) == []


# A change of the spec -> what is refused of it.
FIELDS = {
    "another generator": (
        lambda spec: spec["generators"].append({"list": {"elements": [{}]}}),
        ["spec.generators[1].list"],
    ),
    "a selector": (
        lambda spec: spec["generators"][0].update(selector={"matchLabels": {"a": "b"}}),
        ["spec.generators[0].selector"],
    ),
    "another provider": (
        lambda spec: spec["generators"].append({"pullRequest": {"gitlab": {"project": "1"}}}),
        ["spec.generators[1].pullRequest.gitlab"],
    ),
    "a filter": (
        lambda spec: request_of(spec).update(filters=[{"branchMatch": "x"}]),
        ["spec.generators[0].pullRequest.filters"],
    ),
    "values": (
        lambda spec: request_of(spec).update(values={"a": "b"}),
        ["spec.generators[0].pullRequest.values"],
    ),
    "a GitHub App": (
        lambda spec: github_of(spec).update(appSecretName="app"),
        ["spec.generators[0].pullRequest.github.appSecretName"],
    ),
    "another GitHub": (
        lambda spec: github_of(spec).update(api="https://api.github.com/"),
        [f"spec.generators[0].pullRequest.github.api of another GitHub than https://{HOST}/"],
    ),
    "GitHub's own": (
        lambda spec: github_of(spec).pop("api"),
        [f"spec.generators[0].pullRequest.github.api of another GitHub than https://{HOST}/"],
    ),
    "a strategy": (lambda spec: spec.update(strategy={"type": "RollingSync"}), ["spec.strategy"]),
    "a policy": (
        lambda spec: spec.update(syncPolicy={"preserveResourcesOnDeletion": True}),
        ["spec.syncPolicy"],
    ),
    "a patch of the template": (lambda spec: spec.update(templatePatch="x"), ["spec.templatePatch"]),
    "the older templates": (lambda spec: spec.update(goTemplate=False), ["spec.goTemplate: false"]),
    "templates that overlook what is missing": (
        lambda spec: spec.update(goTemplateOptions=[]),
        ["spec.goTemplateOptions that are not ['missingkey=error']"],
    ),
}


@pytest.mark.parametrize(("change", "names"), FIELDS.values(), ids=FIELDS)
def test_what_is_not_offered_is_named(change, names):
    made = template()
    change(made["spec"])
    said = unoffered_fields.faults(made, HOST)
    assert said == [f"the rehearsal does not offer this: {name}" for name in names]


def test_a_template_gets_what_is_known_of_the_request():
    made = template()
    shown = "{{ .branch }} into {{.target_branch}} at {{.head_short_sha}}, {{.head_short_sha_7}}: {{.title}}"
    made["spec"]["template"]["metadata"]["annotations"] = {"shown": shown}
    [application] = generating.wanted(made, [REQUEST])
    assert application["metadata"]["name"] == "preview-12"
    assert application["metadata"]["namespace"] == "argocd"
    assert application["spec"]["source"]["path"] == "preview-12"
    assert application["spec"]["syncPolicy"]["retry"]["limit"] == 2
    said = application["metadata"]["annotations"]["shown"]
    assert said == "feature/tea into develop at 01234567, 0123456: Serve tea"


def test_a_template_s_own_finalizers_stand_for_argo_cd_s():
    made = template()
    made["spec"]["template"]["metadata"]["finalizers"] = ["resources-finalizer.argocd.argoproj.io/background"]
    [application] = generating.wanted(made, [REQUEST])
    assert application["metadata"]["finalizers"] == ["resources-finalizer.argocd.argoproj.io/background"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ .branch | slugify }}", "the rehearsal does not offer this: {{ .branch | slugify }}"),
        ("{{if .number}}x{{end}}", "the rehearsal does not offer this"),
        ("{{.labels}}", 'map has no entry for key "labels"; the rehearsal has number, title'),
        ("{{.numbr}}", 'failed to execute go template {{.numbr}}: map has no entry for key "numbr"'),
    ],
)
def test_a_template_that_cannot_be_filled_in_says_why(text, words):
    made = template()
    made["spec"]["template"]["metadata"]["name"] = text
    with pytest.raises(TemplateError) as raised:
        generating.wanted(made, [REQUEST])
    assert words in str(raised.value)


@pytest.mark.parametrize(("labels", "found"), [([], 1), (["preview"], 1), (["preview", "ready"], 0)])
def test_a_request_must_have_all_labels(labels, found):
    assert len(list(generating.with_labels([REQUEST], labels))) == found


def test_what_argo_cd_notes_at_an_application_stays_and_a_stranger_s_note_does_not():
    made = template()
    [application] = generating.wanted(made, [REQUEST])
    notes = {"argocd.argoproj.io/refresh": "normal", "note": "mine"}
    after = generating.taken_over({"metadata": {"annotations": notes}}, application)
    kept = after["metadata"]["annotations"]
    assert "argocd.argoproj.io/refresh" in kept and "note" not in kept


def test_a_condition_that_is_as_it_was_keeps_its_time():
    first = set_status.conditions([], SetError(Reason.VALIDATION, "no project"), BEFORE)
    assert {item["type"]: item["status"] for item in first} == {
        "ErrorOccurred": "True",
        "ParametersGenerated": "True",
        "ResourcesUpToDate": "False",
    }
    second = set_status.conditions(first, None, NOW)
    times = {item["type"]: item["lastTransitionTime"] for item in second}
    assert times == {"ErrorOccurred": NOW, "ParametersGenerated": BEFORE, "ResourcesUpToDate": NOW}


def test_without_parameters_none_were_generated():
    [_, parameters, _] = set_status.conditions([], SetError(Reason.GENERATION, "no answer"), NOW)
    assert (parameters["status"], parameters["message"]) == ("False", "no answer")
