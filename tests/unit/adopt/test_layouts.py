"""Which manifests are meant: each that a refusal names can be named, and is delivered whole."""

import pytest
import yaml

from tests.unit.adopt.repositories import TeamRepository, shaped
from tests.unit.adopt.test_refusals import refusal
from tests.unit.rendering import rendered

KUSTOMIZATION = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"


def workload(name: str, image: str = "example/hello", kind: str = "Deployment") -> str:
    labels = {"app": name}
    spec = {
        "selector": {"matchLabels": labels},
        "template": {
            "metadata": {"labels": labels},
            "spec": {"containers": [{"name": name, "image": image}]},
        },
    }
    item = {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}
    return yaml.safe_dump(item)


def kustomization(**fields) -> str:
    return KUSTOMIZATION + yaml.safe_dump(fields)


@pytest.fixture
def repository(tmp_path) -> TeamRepository:
    """A Dockerfile of `hello`, and no manifests."""
    made = shaped(tmp_path, "one-dockerfile", "hello")
    made.git("rm", "-r", "--quiet", "k8s")
    return made


def test_each_place_that_a_refusal_names_can_be_named(repository):
    for app in ("one", "two"):
        repository.put(f"deploy/{app}/app.yaml", workload(app))
        repository.put(f"deploy/{app}/kustomization.yaml", kustomization(resources=["app.yaml"]))
    repository.put("deploy/base/app.yaml", workload("hello"))
    repository.put("deploy/base/kustomization.yaml", kustomization(resources=["app.yaml"]))
    repository.put("deploy/overlays/dev/kustomization.yaml", kustomization(resources=["../../base"]))
    repository.put("deploy/raw/app.yaml", workload("hello"))
    said = refusal(repository)
    places = {"deploy/one": "one", "deploy/two": "two", "deploy": "hello", "deploy/raw": "hello"}
    assert all(f" {place} (" in said for place in places)
    names = {place: repository.plan(manifests=place).answers.answering.deployment for place in places}
    assert names == places


def test_an_app_may_be_a_stateful_set_where_there_is_no_deployment_or_a_person_means_it(repository):
    def put(*kinds: str) -> None:
        texts = [workload(f"hello-{kind.lower()}", kind=kind) for kind in kinds]
        repository.put("deploy/app.yaml", "---\n".join(texts))
        resources = kustomization(resources=["app.yaml"])
        repository.put("deploy/kustomization.yaml", resources)

    put("StatefulSet", "DaemonSet")
    assert repository.plan().answers.answering.deployment == "hello-statefulset"
    put("StatefulSet", "Deployment")
    assert repository.plan().answers.answering.deployment == "hello-deployment"
    meant = repository.plan(app="hello-statefulset")
    assert meant.answers.answering.deployment == "hello-statefulset"
    put("DaemonSet")
    assert "it is not clear which workload answers; there are none" in refusal(repository)


@pytest.mark.parametrize("given", [{}, {"app": "hello"}], ids=["found", "named"])
def test_a_headless_service_is_asked_only_where_there_is_no_other(repository, given):
    def service(name: str, **fields) -> str:
        spec = {"selector": {"app": "hello"}, "ports": [{"port": 8080}], **fields}
        return yaml.safe_dump(
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}
        )

    headless = service("hello-nodes", clusterIP="None", publishNotReadyAddresses=True)
    repository.put("deploy/a-nodes.yaml", headless)
    repository.put("deploy/app.yaml", workload("hello", kind="StatefulSet"))
    assert repository.plan(**given).answers.answering.service == "hello-nodes"
    repository.put("deploy/service.yaml", service("hello"))
    assert repository.plan(**given).answers.answering.service == "hello"


def test_a_component_s_apps_stay_apart(repository):
    """And the manifests' folder holds the component, which is in none of theirs."""
    component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncommonLabels: {tier: web}\n"
    repository.put("src/shared/kustomization.yaml", component)
    for app in ("one", "two"):
        repository.put(f"src/{app}/k8s/base/app.yaml", workload(app))
        repository.put(f"src/{app}/k8s/base/kustomization.yaml", kustomization(resources=["app.yaml"]))
        overlay = kustomization(resources=["../../base"], components=["../../../../shared"])
        repository.put(f"src/{app}/k8s/overlays/dev/kustomization.yaml", overlay)
    assert "in src/one/k8s (kustomize), src/two/k8s (kustomize). Say" in refusal(repository)
    answers = repository.adopt(manifests="src/two/k8s").answers
    assert (answers.layout.folder, answers.answering.deployment) == ("src", "two")
    [item] = rendered(repository.path / answers.environments[0].overlay)
    assert item["metadata"]["labels"] == {"tier": "web"}


def test_what_only_tries_a_component_out_is_no_environment(repository):
    repository.put("kustomize/base/app.yaml", workload("hello"))
    repository.put("kustomize/base/kustomization.yaml", kustomization(resources=["app.yaml"]))
    repository.put("kustomize/kustomization.yaml", kustomization(resources=["base"]))
    repository.put("kustomize/tests/branding/kustomization.yaml", kustomization(resources=["../../base"]))
    answers = repository.adopt().answers
    assert [environment.name for environment in answers.environments] == ["dev", "staging", "production"]
    assert answers.layout.base == "kustomize"


def test_overlays_on_several_bases_are_read_whole(repository):
    for app in ("api", "web", "cache"):
        image = "redis:7.2" if app == "cache" else "example/hello"
        repository.put(f"deploy/bases/{app}/app.yaml", workload(app, image))
        repository.put(f"deploy/bases/{app}/kustomization.yaml", kustomization(resources=["app.yaml"]))
    for name, apps in {"dev": ("api", "web"), "prod": ("api", "web", "cache")}.items():
        overlay = kustomization(namespace=name, resources=[f"../../bases/{app}" for app in apps])
        repository.put(f"deploy/overlays/{name}/kustomization.yaml", overlay)
    adoption = repository.adopt(app="web", environments="dev,staging,prod")
    objects = {
        environment.name: {
            item["metadata"]["name"]: item["spec"]["template"]["spec"]["containers"][0]["image"]
            for item in rendered(repository.path / environment.overlay)
        }
        for environment in adoption.answers.environments
    }
    assert {name: sorted(items) for name, items in objects.items()} == {
        "dev": ["api", "web"],
        "staging": ["api", "web"],
        "prod": ["api", "cache", "web"],
    }
    assert objects["prod"]["cache"] == "redis:7.2"
    assert "redis" in yaml.safe_load(repository.files()["invoke.yaml"])["images"]


def test_two_overlays_that_would_be_one_environment(repository):
    repository.put("deploy/base/app.yaml", workload("hello"))
    repository.put("deploy/base/kustomization.yaml", kustomization(resources=["app.yaml"]))
    for region in ("eu", "us"):
        repository.put(f"deploy/{region}/dev/kustomization.yaml", kustomization(resources=["../../base"]))
    assert "would be one environment: deploy/eu/dev, deploy/us/dev" in refusal(repository)


def test_an_overlay_s_folder_may_be_called_as_no_environment_can_be(repository):
    repository.put("deploy/base/app.yaml", workload("hello"))
    repository.put("deploy/base/kustomization.yaml", kustomization(resources=["app.yaml"]))
    for name in ("dev_eu", "Prod"):
        overlay = kustomization(resources=["../../base"], namePrefix="eu-")
        repository.put(f"deploy/overlays/{name}/kustomization.yaml", overlay)
    environments = repository.adopt().answers.environments
    assert [(item.name, item.has) for item in environments] == [
        ("dev-eu", "deploy/overlays/dev_eu"),
        ("prod", "deploy/overlays/Prod"),
    ]


def test_a_kustomization_at_the_top_is_refused(repository):
    repository.put("k8s/app.yaml", workload("hello"))
    repository.put("kustomization.yaml", kustomization(resources=["k8s/app.yaml"]))
    assert "as in `mkdir k8s && git mv kustomization.yaml k8s/`" in refusal(repository)


def test_services_beside_the_workloads_folder_are_delivered(repository):
    repository.put("k8s/deployments/app.yaml", workload("hello"))
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "hello"}}
    service["spec"] = {"selector": {"app": "hello"}, "ports": [{"port": 80}]}
    repository.put("k8s/services/app.yaml", yaml.safe_dump(service))
    answers = repository.adopt().answers
    assert (answers.layout.folder, answers.answering.service) == ("k8s", "hello")


def test_plain_manifests_at_the_top_are_refused(repository):
    repository.put("hello all.yaml", workload("hello"))
    repository.put("docker-compose.yaml", "services: {}\n")
    assert "as in `mkdir k8s && git mv 'hello all.yaml' k8s/`" in refusal(repository)


def test_plain_manifests_in_two_of_the_top_s_folders(repository):
    for place in ("api/k8s", "web/k8s"):
        repository.put(f"{place}/app.yaml", workload(place.partition("/")[0]))
    assert "in api/k8s (plain), web/k8s (plain). Say which is meant" in refusal(repository)


@pytest.mark.parametrize("name", ["docker-compose.yml", "values.yaml", "package.json"])
def test_a_file_that_is_no_manifest_is_refused(repository, name):
    """Each delivery would be: it takes all YAML and JSON of the folder."""
    repository.put("k8s/app.yaml", workload("hello"))
    repository.put("k8s/comment.yaml", "---\n# nothing yet\n")
    repository.put(f"k8s/more/{name}", '{"name": "x"}\n')
    said = refusal(repository, manifests="k8s")
    assert said.startswith(f"k8s/more/{name}: this holds no object of the app")
    (repository.path / f"k8s/more/{name}").unlink()
    assert repository.adopt().answers.layout.folder == "k8s"


def test_alternatives_in_one_folder_are_refused(repository):
    repository.put("k8s/app.yaml", workload("hello"))
    repository.put("k8s/all-in-one/all.yaml", workload("hello"))
    said = refusal(repository)
    assert said.startswith("k8s/app.yaml: Deployment/hello is in k8s/all-in-one/all.yaml too")


def test_an_image_that_stands_for_several_by_its_tags(repository):
    for app in ("api", "web"):
        repository.put(f"k8s/{app}.yaml", workload(app, f"example/hello:1.0-{app}"))
    assert "example/hello runs by the tags 1.0-api, 1.0-web, and" in refusal(repository, app="web")


def test_each_environment_s_own_tag_is_no_fault(repository):
    for name in ("dev", "prod"):
        repository.put(f"k8s/{name}/app.yaml", workload("hello", f"example/hello:{name}"))
    assert [item.name for item in repository.adopt().answers.built] == ["example/hello"]


def test_a_chart_whose_values_name_no_image(repository):
    repository.put("chart/Chart.yaml", "apiVersion: v2\nname: hello\nversion: 0.1.0\n")
    repository.put("chart/values.yaml", "images: {tag: dev}\n")
    assert refusal(repository).startswith("values.yaml: the chart's values name no image. Name each")


def test_values_of_an_environment_are_not_made_again_under_its_long_name(repository):
    repository.put("chart/Chart.yaml", "apiVersion: v2\nname: hello\nversion: 0.1.0\n")
    for file in ("values.yaml", "values-prod.yaml"):
        repository.put(f"chart/{file}", "image: {repository: example/hello, tag: dev}\n")
    environments = [environment.name for environment in repository.adopt().answers.environments]
    assert environments == ["dev", "staging", "prod"]


def test_a_key_pair_is_not_made_at_random(repository):
    volume = {"name": "pair", "secret": {"secretName": "signing", "items": [{"key": "rsa.pub", "path": "p"}]}}
    for app, image in {"hello": "example/hello", "other": "redis:7.2"}.items():
        item = yaml.safe_load(workload(app, image))
        spec = item["spec"]["template"]["spec"]
        spec["volumes"] = [volume]
        spec["containers"][0]["volumeMounts"] = [{"name": "pair", "mountPath": "/pair"}]
        repository.put(f"k8s/{app}.yaml", yaml.safe_dump(item))
    assert repository.adopt(app="hello").answers.secrets["signing"].source == "existing"


def test_folders_of_environments_may_hold_no_workload_but_what_differs(repository):
    """Beside a folder that is common to them. A single one is an example, as of tests."""
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "hello"}}
    repository.put("deploy/common/app.yaml", workload("hello"))
    repository.put("deploy/test/config.yaml", yaml.safe_dump(config))
    assert [item.name for item in repository.plan().answers.environments] == ["dev", "staging", "production"]
    repository.git("clean", "-fdq", "deploy/test")
    for name in ("development", "production"):
        config["metadata"]["namespace"] = f"hello-{name}"
        repository.put(f"deploy/{name}/config.yaml", yaml.safe_dump(config))
    environments = repository.plan().answers.environments
    assert [(item.name, item.namespace, item.has) for item in environments] == [
        ("development", "hello-development", "deploy/development"),
        ("production", "hello-production", "deploy/production"),
    ]
