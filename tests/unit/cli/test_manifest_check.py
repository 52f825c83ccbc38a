"""The task `manifests.check`, on a copy of the sample's manifests with a fault put in."""

import json
import shutil
from pathlib import Path

import pytest

from aks_flow.cli.manifest_check import check_task
from aks_flow.core.errors import AksFlowError
from tests.task_context import GivenTask

ROOT = Path(__file__).resolve().parents[3]
SERVICE, DEPLOYMENT = "manifests/base/front/service.yaml", "manifests/base/front/deployment.yaml"


@pytest.fixture
def project(remote):
    """The sample's manifests, to be changed: the folder, and how."""
    folder = remote.work.path
    shutil.copytree(ROOT / "manifests", folder / "manifests")

    def change(old: str, new: str, file: str = SERVICE) -> None:
        text = (folder / file).read_text()
        assert old in text
        (folder / file).write_text(text.replace(old, new))

    return folder, change


@pytest.fixture
def checked(project, settings, capsys):
    """Check the project: (what was said, the error)."""
    folder, _ = project

    def check(json: bool = False) -> tuple[str, str]:
        try:
            check_task(GivenTask(folder, settings), json=json)
        except AksFlowError as error:
            return capsys.readouterr().out, str(error)
        return capsys.readouterr().out, ""

    return check


def test_a_finding_says_where_what_and_how_to_mend_it(project, checked):
    project[1]("targetPort: http", "targetPort: web")
    said, error = checked()
    assert said == (
        f"{SERVICE}:16: dev, staging, production: Service/front: "
        "Deployment/front has no port 'web' [service-port]\n"
        "    Name a port of the pods, with its protocol, or declare it in the container.\n"
    )
    assert error.startswith("1 error. Correct") and "docs/manifest-checks.md" in error


def test_manifests_that_do_not_render_are_told_with_their_environment_and_no_folder_of_ours(project, checked):
    project[1]("kind: Service", "kind: [Service")
    said, error = checked()
    assert said == "" and error.startswith(
        "manifests/overlays/dev/kustomization.yaml: the manifests of dev do not render:\n    error: "
    )
    assert "service.yaml" in error and "/aks-flow-" not in error and error.endswith("\nCorrect them.")


def test_what_the_policy_asks_for_stands_apart_from_errors(project, checked):
    project[1]("targetPort: http", "targetPort: web")
    project[1]('              cpu: "1"\n', "", DEPLOYMENT)
    said, error = checked()
    errors, policies = said.split("\nFindings of policy restricted (`checks.policy`):\n\n")
    assert errors.count("[service-port]") == 1 and "[resources]" not in errors
    assert policies.startswith("manifests/base/front/deployment.yaml:") and policies.count("[resources]") == 1
    assert error.startswith("1 error, 1 finding of policy restricted. Correct")
    kinds = [(row["kind"], row["environments"]) for row in json.loads(checked(json=True)[0])]
    assert kinds == [(kind, ["dev", "staging", "production"]) for kind in ("error", "policy")]


@pytest.mark.parametrize(("policy", "asked"), [("restricted", True), ("baseline", False), ("off", False)])
def test_a_policy_that_is_not_asked_for_finds_nothing(project, checked, settings, policy, asked):
    settings["checks"]["policy"] = policy
    project[1]("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false", DEPLOYMENT)
    said, error = checked()
    assert ("[root-file-system]" in said, bool(error)) == (asked, asked)


ACCEPTED = {"rule": "root-file-system", "object": "*/front", "reason": "it writes a cache"}


def test_the_project_accepts_a_rule_in_the_objects_that_it_names(project, checked, settings):
    settings["checks"]["accept"] = [ACCEPTED]
    project[1]("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false", DEPLOYMENT)
    said, error = checked()
    assert said.strip().endswith("every object agrees with the others; 1 finding accepted") and not error
    [row] = json.loads(checked(json=True)[0])
    assert (row["rule"], row["accepted"]) == ("root-file-system", "it writes a cache")


@pytest.mark.parametrize(("policy", "said_so"), [("restricted", True), ("off", False)])
def test_an_acceptance_of_the_project_that_nothing_needs_is_an_error(checked, settings, policy, said_so):
    settings["checks"] = {"policy": policy, "accept": [ACCEPTED]}
    said, error = checked()
    assert bool(error) is said_so
    sentence = "accepts root-file-system in */front, which finds nothing there"
    where = "invoke.yaml:0: dev, staging, production: checks.accept[0]: "
    assert said.startswith(where + sentence) is said_so


def test_an_acceptance_of_no_rule_is_refused(checked, settings):
    settings["checks"]["accept"] = [ACCEPTED | {"rule": "root-filesystem"}]
    wrong = r"checks.accept[0].rule: there is no rule 'root-filesystem'. Did you mean 'root-file-system'?"
    assert wrong in checked()[1]


def test_a_finding_that_its_object_accepts_is_counted_and_kept(project, checked):
    project[1]("targetPort: http", "targetPort: web")
    project[1]("metadata:\n", "metadata:\n  annotations: {aks-flow/accept.service-port: a sidecar has it}\n")
    said, error = checked()
    assert said.strip().endswith("every object agrees with the others; 1 finding accepted") and not error
    rows = json.loads(checked(json=True)[0])
    assert [(row["environments"], row["rule"], row["accepted"]) for row in rows] == [
        (["dev", "staging", "production"], "service-port", "a sidecar has it")
    ]


def test_the_names_of_other_environments_are_known(project, checked):
    project[1](
        "redis://redis:6379/0", "redis://redis.vote-dev:6379/0", "manifests/base/front/deployment.yaml"
    )
    said, _ = checked()
    assert "staging, production: Deployment/front: names redis.vote-dev, which is in dev's namespace" in said
    assert " dev" not in said.replace("is in dev's", "")


def test_what_is_generated_is_found_at_its_kustomization(project, checked):
    project[1]("TITLE=", "API=http://nowhere/\nTITLE=", "manifests/base/front/front.env")
    said, _ = checked()
    assert "manifests/base/kustomization.yaml:28: dev, staging, production: ConfigMap/front-" in said


def test_a_manifest_commands_neither_a_terminal_nor_a_runner(project, checked):
    project[1](
        "serviceName: redis",
        'serviceName: "a\\x1b[2J\\n::error::b"',
        "manifests/base/redis/stateful-set.yaml",
    )
    said, _ = checked()
    assert "[governing-service]" in said
    assert [line for line in said.splitlines() if not line.isprintable() or line.startswith("::")] == []


def test_an_environment_without_an_overlay_is_said(project, checked):
    shutil.rmtree(project[0] / "manifests/overlays/staging")
    assert "staging has no overlay" in checked()[1]


@pytest.fixture
def previewed(settings):
    settings["previews"]["namespace"] = "vote-preview"


def test_the_sample_s_previews_have_nothing_to_find(previewed, checked):
    said, error = checked()
    assert said == "dev, staging, production, preview-1: every object agrees with the others\n"
    assert error == ""


def test_a_fault_of_previews_alone_is_found(previewed, project, checked):
    overlay = "manifests/overlays/preview/kustomization.yaml"
    project[1]("minReplicas: 1\n", "minReplicas: 3\n", overlay)
    said, _ = checked()
    assert "preview-1: HorizontalPodAutoscaler/front" in said and "dev" not in said


def test_what_argo_cd_would_refuse_is_found_where_its_objects_are(project, checked, settings):
    folder, _ = project
    settings["gitops"]["applications"] = "ops/argocd"
    permits = "kind: AppProject\nspec: {namespaceResourceWhitelist: []}\n"
    (folder / "ops/argocd").mkdir(parents=True)
    (folder / "ops/argocd/project.yaml").write_text(permits)
    said, _ = checked()
    assert "ops/argocd/project.yaml:0: dev, staging, production: Deployment/front: " in said


def test_what_argo_cd_would_refuse_of_previews_is_found_in_their_own_project(previewed, project, checked):
    folder, _ = project
    shutil.copy(folder / "manifests/argocd/project.yaml", folder / "manifests/argocd/preview-project.yaml")
    said, _ = checked()
    assert "argocd/preview-project.yaml" in said and "preview-1: ResourceQuota/preview" in said
    assert "LimitRange/preview" in said


def test_pods_that_get_the_vault_from_a_component_are_of_an_account_that_may_read_it(
    project, checked, settings
):
    """A delivery adds the component where the vault is: the check sees the manifests as they are then."""
    settings["azure"]["vault"] = "votes-vault"
    assert checked()[1] == ""
    settings["azure"]["vault_accounts"] = ["front", "redis"]
    said, error = checked()
    assert error.startswith("2 errors") and said.count("[vault-account]") == 2
    assert (
        "Deployment/front: mounts redis-auth as ServiceAccount default, which may not read the vault; "
        "front, redis may [vault-account]\n    Add it to azure.vault_accounts in invoke.yaml"
    ) in said


def test_a_component_that_the_overlay_has_itself_is_not_added_again(project, checked, settings):
    settings["azure"]["vault"] = "votes-vault"
    for environment in ("dev", "staging", "production"):
        overlay = f"manifests/overlays/{environment}/kustomization.yaml"
        project[1](
            "\nresources:\n", "\ncomponents: [../../components/password-from-vault]\nresources:\n", overlay
        )
    assert checked()[1] == ""
