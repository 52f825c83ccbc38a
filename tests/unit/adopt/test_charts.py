"""A repository with a chart: what Helm makes of it is known, unless Helm is not installed."""

import pytest
import yaml

from aks_flow.core.command import Result, command
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed
from aks_flow.manifests.chart import not_rendered
from tests.unit.adopt.repositories import WithoutHelm, shaped

DEPLOYMENT = "charts/notes/templates/deployment.yaml"


@pytest.fixture
def repository(tmp_path):
    return shaped(tmp_path, "chart")


def configured(repository) -> dict:
    return yaml.safe_load(repository.files()["invoke.yaml"])


def permitted(repository) -> dict:
    return yaml.safe_load(repository.files()["argocd/project.yaml"])["spec"]


def change(repository, file: str, old: str, new: str) -> None:
    text = (repository.path / file).read_text()
    assert old in text
    repository.put(file, text.replace(old, new))


def test_argo_cd_s_project_permits_the_kinds_that_the_chart_makes(repository):
    repository.adopt()
    kinds = [entry["kind"] for entry in permitted(repository)["namespaceResourceWhitelist"]]
    assert kinds == ["Service", "Deployment"]


def test_a_kind_of_the_whole_cluster_is_among_them(repository):
    role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: notes}\n"
    repository.put("charts/notes/templates/role.yaml", role)
    repository.adopt()
    kinds = [entry["kind"] for entry in permitted(repository)["clusterResourceWhitelist"]]
    assert kinds == ["Namespace", "ClusterRole"]


def test_the_kinds_of_a_list_are_among_them_and_what_is_no_object_is_left_out(repository):
    config = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}"
    listed = f"apiVersion: v1\nkind: List\nitems: [{config}]\n---\n{{kind: Secret}}\n---\nplain text\n"
    repository.put("charts/notes/templates/list.yaml", listed)
    repository.adopt()
    kinds = [entry["kind"] for entry in permitted(repository)["namespaceResourceWhitelist"]]
    assert kinds == ["ConfigMap", "Service", "Deployment"]


def test_without_helm_every_kind_of_a_namespace_is_permitted(repository):
    """An empty list would permit none, and Argo CD would refuse the first sync."""
    repository.adopt(WithoutHelm())
    assert "namespaceResourceWhitelist" not in permitted(repository)


@pytest.mark.parametrize("with_helm", [True, False])
def test_the_release_is_called_as_the_chart_and_not_as_its_folder(repository, with_helm):
    change(repository, "charts/notes/Chart.yaml", "name: notes", "name: Team_Notes")
    repository.adopt(None if with_helm else WithoutHelm())
    assert configured(repository)["app"]["name"] == "team-notes"
    assert "release" not in configured(repository)["app"]["render"]


def test_a_release_that_is_called_otherwise_than_the_deployment_is_told(repository):
    change(repository, DEPLOYMENT, "name: {{ .Release.Name }}", "name: {{ .Release.Name }}-web")
    repository.adopt()
    app = configured(repository)["app"]
    assert (app["name"], app["render"]["release"]) == ("notes-web", "notes")


def test_what_is_for_the_release_s_namespace_is_for_each_environment_s(repository):
    change(
        repository,
        DEPLOYMENT,
        "  name: {{ .Release.Name }}",
        "  name: {{ .Release.Name }}\n  namespace: {{ .Release.Namespace }}",
    )
    repository.adopt()
    environments = configured(repository)["environments"]
    assert [item["namespace"] for item in environments.values()] == [
        *("chart-dev", "chart-staging", "chart-production")
    ]


def test_an_image_that_a_template_has_and_the_values_have_not_is_one_of_the_others(repository):
    change(
        repository, DEPLOYMENT, "containers:\n", "containers:\n        - {name: log, image: 'busybox:1.36'}\n"
    )
    repository.adopt()
    assert configured(repository)["images"]["busybox"] == {"source": "busybox:1.36"}
    assert "busybox" not in configured(repository)["app"]["render"]["images"]


def test_a_secret_that_its_pods_need_is_found(repository):
    reference = "{name: PASSWORD, valueFrom: {secretKeyRef: {name: store, key: password}}}"
    change(repository, DEPLOYMENT, "          ports:\n", f"          env: [{reference}]\n          ports:\n")
    repository.adopt()
    assert configured(repository)["secrets"] == {"store": {"keys": ["password"], "from": "existing"}}


def test_a_chart_that_does_not_render_is_refused_in_helm_s_words(repository):
    change(repository, DEPLOYMENT, ".Values.image.tag", ".Values.image.none")
    with pytest.raises(AksFlowError, match="does not render:\n    template: notes: nil pointer") as refused:
        repository.plan()
    assert refused.value.where == "charts/notes"


def test_argo_cd_s_project_is_brought_back_from_all_files_of_values(repository):
    repository.adopt()
    change(repository, "charts/notes/values.yaml", "service:\n  port: 80\n", "service: {}\n")
    repository.put("values/all.yaml", "service: {port: 80}\n")
    change(repository, "invoke.yaml", "{kind: helm,", "{kind: helm, values: [values/all.yaml],")
    before = repository.files()["argocd/project.yaml"]
    (repository.path / "argocd/project.yaml").unlink()
    repository.adopt()
    assert repository.files()["argocd/project.yaml"] == before


def test_dependencies_are_brought_into_git_though_it_ignores_them(repository):
    """As many charts' .gitignore has it: `git add` alone would bring nothing."""
    words = "found in Chart.yaml, but missing in charts/ directory: redis"
    error = CommandFailed(command("helm", "template"), Result(1, b"", f"Error: {words}\n".encode()))
    step = not_rendered("charts/notes", error, repository.path).next_step
    assert "`helm dependency build charts/notes && git add --force charts/notes/charts`" in step
