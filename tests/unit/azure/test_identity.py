"""Jobs' subjects and identities: what does not fit is found, what fits is not."""

import time
from pathlib import Path

import pytest
import yaml

from aks_flow.azure.identity import access, identities
from aks_flow.azure.identity.audit import Credential, JobIdentity, misfits, not_judged
from aks_flow.azure.identity.jobs import jobs
from aks_flow.core.errors import AksFlowError
from aks_flow.workflows import files
from aks_flow.workflows.tree import read
from tests.unit.azure.conftest import ROOT

HERE = Path(__file__).with_name("identity")
WORKFLOW = (HERE / "workflow.yml").read_text()
IDENTITIES = (HERE / "identities.yaml").read_text()
CASES = yaml.safe_load((HERE / "faults.yaml").read_text())


def edited(text: str, edit: list[str] | None) -> str:
    if not edit:
        return text
    assert edit[0] in text
    return text.replace(*edit, 1)


def findings(workflow: str, file: Path, more: int = 0, repository: str = "Octo/vote") -> list[str]:
    signing_in = jobs([read("deliver.yml", workflow)], repository)
    known = identities.written(file)
    if more:
        subjects = (f"repo:Octo/vote:environment:{number}" for number in range(more))
        many = tuple(Credential(f"c{number}", subject) for number, subject in enumerate(subjects))
        known[1] = JobIdentity(known[1].name, (known[1].credentials + many)[:more])
    return [str(misfit) for misfit in misfits(signing_in, known)]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_misfit_is_found_and_nothing_else(case, tmp_path):
    file = tmp_path / "identities.yaml"
    file.write_text(edited(IDENTITIES, case.get("identities")))
    changed = edited(edited(WORKFLOW, case.get("workflow")), case.get("edit"))
    repository = case.get("repository", "Octo/vote")
    texts = findings(changed, file, case.get("credentials", 0), repository)
    expected = [case["finding"], *case.get("also", [])]
    for start in expected:
        assert any(text.startswith(start) for text in texts), (start, texts)
    if "credentials" not in case:
        assert len(texts) == len(expected)


def test_what_fits_has_no_finding(tmp_path):
    assert findings(WORKFLOW, HERE / "identities.yaml") == []


@pytest.mark.parametrize(
    "expression",
    [
        "${{ startsWith(github.ref, 'refs/heads/release/') && 'staging' || 'dev' }}",
        "${{ (contains('x y', github.ref_name) || github.ref == 'z') && 'staging' || 'dev' }}",
        "${{ case(github.ref_name == 'main', 'staging', 'dev') }}",
        "${{ format('{0}', 'x') == 'x' && 'dev' || 'staging' }}",
    ],
)
def test_a_text_in_a_condition_is_no_environment(expression):
    text = WORKFLOW.replace("${{ github.ref_name == 'develop' && 'dev' || 'staging' }}", expression)
    assert text != WORKFLOW and findings(text, HERE / "identities.yaml") == []


def test_a_flexible_credential_is_compared_as_far_as_it_speaks_of_the_subject(tmp_path):
    file = tmp_path / "identities.yaml"
    asks = "claims['sub'] matches 'repo:Octo/vote:environment:*' and claims['job_workflow_ref'] eq 'x'"
    flexible = f'{{name: staging, claimsMatchingExpression: {{value: "{asks}", languageVersion: 1}}}}'
    file.write_text(
        edited(IDENTITIES, ['{name: staging, subject: "repo:Octo/vote:environment:staging"}', flexible])
    )
    assert findings(WORKFLOW, file) == []
    [sentence] = not_judged(identities.written(file))
    assert (
        sentence.startswith("vote-deliver/staging: flexible: only its subject is compared")
        and asks in sentence
    )


CALLED = """
on:
  workflow_call: {inputs: {place: {type: string, default: dev}}}
  workflow_dispatch: {inputs: {place: {type: choice, options: [staging]}}}
jobs:
  go:
    environment: ${{ inputs.place }}
    permissions: {id-token: write}
    steps: [{run: ./inv azure.login}]
  plain:
    permissions: {id-token: write}
    steps: [{run: ./inv azure.login}]
"""
CALLER = """
on: {push: {branches: [main]}}
jobs:
  one: {uses: ./go.yml, permissions: {id-token: write}}
  many:
    strategy: {matrix: {where: [eu, us]}}
    uses: ./go.yml
    with: {place: "prod-${{ matrix.where }}"}
"""


def test_a_called_file_s_jobs_have_what_its_callers_give_them():
    signing_in = {job.name: job for job in jobs([read("go.yml", CALLED), read("all.yml", CALLER)], "O/v")}
    places = {subject.rpartition(":")[2] for subject in signing_in["go"].subjects}
    assert places == {"staging", "dev", "prod-eu", "prod-us"} and signing_in["go"].known
    assert set(signing_in["plain"].subjects) == {"repo:O/v:ref:refs/heads/main", "repo:O/v:ref:refs/heads/*"}


def test_files_that_call_each_other_come_to_an_end():
    circle = CALLED.replace("jobs:", 'jobs:\n  again: {uses: ./go.yml, with: {place: "${{ inputs.place }}"}}')
    assert not {job.name: job for job in jobs([read("go.yml", circle)], "O/v")}["go"].known


def test_immutable_subjects_fit_credentials_of_that_form(tmp_path):
    file = tmp_path / "identities.yaml"
    file.write_text(IDENTITIES.replace("repo:Octo/vote:", "repo:Octo@123456/vote@456789:"))
    assert findings(WORKFLOW, file, repository="Octo@123456/vote@456789") == []


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Octo@123456/vote@456789", "Octo/vote"),
        ("repo:Octo@123456/vote@456789:environment:a@1/b@2", "repo:Octo/vote:environment:a@1/b@2"),
        ("repo:Octo/vote:environment:dev", "repo:Octo/vote:environment:dev"),
        ("repo:Octo/vote:ref:refs/heads/x@1", "repo:Octo/vote:ref:refs/heads/x@1"),
    ],
)
def test_ids_are_told_from_names(text, plain):
    assert access.without_ids(text) == plain


def test_our_own_workflows_and_configured_identities_fit(config):
    signing_in = jobs(files.read_all(ROOT), "Octo/vote")
    assert len({job.file for job in signing_in}) == 6
    assert misfits(signing_in, identities.configured(config, "Octo/vote")) == []


def test_the_configured_identities_never_have_a_wide_role_or_many_credentials(config):
    known = identities.configured(config, "Octo/vote")
    others = [misfit for misfit in misfits([], known) if misfit.rule != "unused"]
    assert others == [] and len(known) == 7


def test_a_colon_in_an_environment_s_name_is_escaped_as_github_does():
    assert access.subject("O/n", "eu:prod") == "repo:O/n:environment:eu%3Aprod"


def test_a_caller_must_grant_the_token_that_a_called_file_s_job_needs():
    called = read("ci.yml", WORKFLOW)
    caller = read("all.yml", "on: {push: {branches: [main]}}\njobs:\n  ci:\n    uses: ./ci.yml\n")
    [job] = [job for job in jobs([called, caller], "Octo/vote") if job.file == "all.yml"]
    assert (job.where, job.token) == ("all.yml:3", False)


def test_a_file_of_another_shape_is_refused_in_one_sentence(tmp_path):
    file = tmp_path / "identities.yaml"
    file.write_text("identities: [1]")
    with pytest.raises(AksFlowError, match="is not a list of identities"):
        identities.written(file)


def test_twenty_workflows_are_compared_within_two_seconds_of_cpu(tmp_path):
    start = time.process_time()
    many = [read(f"{number}.yml", WORKFLOW) for number in range(20)]
    misfits(jobs(many, "Octo/vote"), identities.written(HERE / "identities.yaml"))
    assert time.process_time() - start < 2
