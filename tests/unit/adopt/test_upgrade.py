"""An upgrade brings wrapper, aks-flow.txt and workflows to this version, and nothing else."""

import pytest

from aks_flow.adopt.upgrade import upgradable
from aks_flow.adopt.write import write
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from tests.unit.adopt.repositories import TeamRepository, adopted

OURS = ["inv", "aks-flow.txt", ".github/workflows/deliver.yml"]


@pytest.fixture
def older(tmp_path) -> TeamRepository:
    """A project that an older version wrote, and in which the team has changed files of its own."""
    repository = adopted(tmp_path, "kustomize-two-images")
    for file in [*OURS, "k8s/argocd/dev.yaml", "tasks.py", "invoke.yaml"]:
        text = (repository.path / file).read_text()
        repository.put(file, f"{text}# as it was\n")
    repository.commit()
    return repository


def upgrade(repository: TeamRepository) -> list[str]:
    adoption = repository.plan()
    files = upgradable(Local(), adoption)
    write(repository.path, files)
    return sorted(file.path for file in files)


def test_what_is_ours_is_as_this_version_has_it(older):
    wanted = {file.path: file.content for file in older.plan().files}
    assert upgrade(older) == sorted(OURS)
    assert {name: older.files()[name] for name in OURS} == {name: wanted[name] for name in OURS}
    assert upgrade(older) == []


def test_what_is_the_team_s_stays(older):
    before = older.files()
    upgrade(older)
    changed = [name for name, content in older.files().items() if content != before[name]]
    assert sorted(changed) == sorted(OURS)


def test_a_workflow_of_the_team_s_that_has_a_new_one_s_name_stays(older):
    """A version that writes one workflow more meets what is called so already."""
    older.put(".github/workflows/branch.yml", "name: theirs\n")
    older.commit()
    assert upgrade(older) == sorted(OURS)
    assert older.files()[".github/workflows/branch.yml"] == b"name: theirs\n"


def test_the_difference_is_shown(older):
    [file] = [file for file in older.plan().files if file.path == "inv"]
    assert file.diff.splitlines()[-1] == "-# as it was"


@pytest.mark.parametrize("file", OURS)
def test_changes_that_git_does_not_have_are_not_lost(older, file):
    mine = older.files()[file].decode() + "mine\n"
    older.put(file, mine)
    with pytest.raises(AksFlowError, match=f"changes that are not committed: {file}"):
        upgrade(older)
    assert older.files()[file] == mine.encode()


def test_another_package_is_named_in_aks_flow_txt(older):
    upgrade(older)
    older.commit()
    adoption = older.plan(package="aks-flow==9.9.9")
    assert [file.path for file in upgradable(Local(), adoption)] == ["aks-flow.txt"]


@pytest.mark.parametrize("flag", [{"name": "x"}, {"environments": "dev"}, {"image": ("a=b",)}, {"test": "x"}])
def test_what_invoke_yaml_answers_is_not_asked_again(older, flag):
    [name] = flag
    with pytest.raises(AksFlowError, match=f"invoke.yaml: --{name} is answered there already"):
        older.plan(**flag)


def test_a_new_environment_gets_its_files(older):
    text = (older.path / "invoke.yaml").read_text()
    entry = "  uat: {namespace: store-uat, admits: candidate, overlay: k8s/overlays/uat}\n"
    older.put("invoke.yaml", text.replace("environments:\n", f"environments:\n{entry}"))
    before = older.files()
    older.adopt()
    after = older.files()
    assert sorted(after.keys() - before.keys()) == [
        "k8s/argocd/uat.yaml",
        "k8s/overlays/uat/kustomization.yaml",
    ]
    assert b"namespace: store-uat" in after["k8s/overlays/uat/kustomization.yaml"]


@pytest.mark.parametrize("text", ["target: [", "- a list", "target: nowhere\n"])
def test_a_configuration_that_is_not_sound_is_a_sentence(older, text):
    older.put("invoke.yaml", text)
    with pytest.raises(AksFlowError, match="invoke.yaml"):
        older.plan()
