"""An adopted repository's workflows are aks-flow's with the project's words, and pass its checks."""

from dataclasses import replace

import pytest
import yaml

from aks_flow import collection
from aks_flow.adopt.content import workflows
from aks_flow.cli.workflows import branches_of, check, find, own_findings, read_files
from aks_flow.core.config.branches import GITFLOW
from aks_flow.core.config.load import load
from aks_flow.core.runner import Local
from tests.unit.adopt.repositories import SHAPES, adopted, adoption, shaped

ALL = sorted(folder.name for folder in SHAPES.iterdir())


@pytest.mark.parametrize("shape", ALL)
def test_they_pass_the_checks(tmp_path, shape):
    repository = adopted(tmp_path, shape)
    assert [str(finding) for finding in find(Local(), repository.path, collection())] == []


@pytest.mark.parametrize(("theirs", "named"), [("master", {"main": "master"}), ("main", {})])
def test_a_branch_of_the_team_s_own_name_passes_the_checks(tmp_path, theirs, named):
    repository = shaped(tmp_path, "one-dockerfile")
    if theirs != "main":
        repository.git("branch", "--move", "main", theirs)
    repository.adopt()
    config = load(yaml.safe_load((repository.path / "invoke.yaml").read_text()), repository.path)
    assert config.branches == named
    texts, branches = read_files(repository.path), branches_of(config)
    assert own_findings(repository.path, texts, collection(), branches) == []
    other = replace(branches, called=GITFLOW | {"main": "live"}, own=())
    found = own_findings(repository.path, texts, collection(), other)
    assert {str(finding).partition(f"{theirs!r} ")[2] for finding in found} == {
        "matches no branch of GitFlow. Use develop, live, feature/**, release/** or hotfix/**."
    }


@pytest.mark.parametrize("shape", ALL)
def test_what_is_the_samples_is_there_to_give_way(shape):
    for file, own, _ in workflows.replacements(adoption(shape).answers, ""):
        assert own in (workflows.TEMPLATES / f"{file}.yml").read_text(), own


@pytest.mark.parametrize(
    ("environments", "expression"),
    [
        (
            "dev,production",
            "github.ref_type == 'tag' && 'production' || github.ref_name == 'main' && 'production' || 'dev'",
        ),
        (
            "dev,staging,production",
            "github.ref_type == 'tag' && 'production' || "
            "github.ref_name == 'main' && 'production' || github.ref_name == 'develop' && 'dev' || 'staging'",
        ),
        (
            "test,uat,preprod,live",
            "github.ref_type == 'tag' && 'live' || "
            "github.ref_name == 'main' && 'live' || github.ref_name == 'develop' && 'test' || "
            "(startsWith(github.ref_name, 'release/') || startsWith(github.ref_name, 'hotfix/')) "
            "&& 'preprod' || 'uat'",
        ),
    ],
)
def test_a_branch_leads_to_its_environment(tmp_path, environments, expression):
    repository = shaped(tmp_path, "one-dockerfile")
    repository.adopt(environments=environments)
    text = (repository.path / ".github/workflows/deliver.yml").read_text()
    assert f"environment: ${{{{ {expression} }}}}\n" in text


def test_with_one_environment_nothing_is_promoted(tmp_path):
    repository = shaped(tmp_path, "one-dockerfile")
    repository.adopt(environments="dev")
    names = {file.name for file in (repository.path / ".github/workflows").iterdir()}
    assert names == {"ci.yml", "branch.yml", "deliver.yml", "undo.yml", "nightly.yml", "finish.yml"}
    assert [str(finding) for finding in find(Local(), repository.path, collection())] == []


def test_a_team_s_own_workflow_is_left_alone(tmp_path, capsys):
    """What calls no task keeps to no rule of ours; or the first CI would be red for what was there before."""
    repository = shaped(tmp_path, "one-dockerfile")
    repository.put(
        ".github/workflows/package.yaml",
        "on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - run: docker build .\n",
    )
    repository.adopt()
    check(Local(), repository.path, collection(), json=False)
    assert capsys.readouterr().out.splitlines()[1] == "package.yaml: left alone, no task is called there"


def test_a_team_s_own_file_of_a_name_stays_and_ours_are_called_otherwise(tmp_path):
    repository = shaped(tmp_path, "own-tasks")
    before = repository.files()[".github/workflows/ci.yml"]
    for _ in range(2):
        repository.adopt()
        files = repository.files()
        assert files[".github/workflows/ci.yml"] == before
        assert b"uses: ./.github/workflows/aks-flow-ci.yml" in files[".github/workflows/aks-flow-deliver.yml"]


@pytest.mark.parametrize("shape", ALL)
def test_ci_lints_if_the_team_does(tmp_path, shape):
    files = adopted(tmp_path, shape).files()
    ci = files.get(f"{workflows.FOLDER}/aks-flow-ci.yml") or files[f"{workflows.FOLDER}/ci.yml"]
    assert (b"./inv lint" in ci) == bool(adoption(shape).answers.lint)
