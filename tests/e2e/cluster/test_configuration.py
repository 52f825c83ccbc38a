"""What reaches a container: environment and files from ConfigMaps, Secrets and the pod itself."""

import json

import pytest

from tests.e2e.cluster.objects import apply, config_map, once, pod, python, read, secret

SHOW_ENVIRONMENT = "import json, os; print(json.dumps(dict(os.environ)))"
SHOW_FILES = """
import json, pathlib
root = pathlib.Path("/etc/app")
print(json.dumps({str(file.relative_to(root)): file.read_text() for file in root.glob("*/[!.]*")}))
"""


def output(kubectl, namespace: str, name: str) -> dict:
    """The JSON that a pod printed before it ended."""
    kubectl.ok(
        "-n", namespace, "wait", f"pod/{name}", "--for=jsonpath={.status.phase}=Succeeded", "--timeout=60s"
    )
    return json.loads(kubectl.ok("-n", namespace, "logs", name))


def test_the_environment_comes_from_values_config_maps_secrets_and_fields(kubectl, namespace, demo):
    environment = [
        {"name": "GREETING", "value": "hello $(AUDIENCE)"},
        {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "auth", "key": "password"}}},
        {"name": "OPTIONAL", "valueFrom": {"secretKeyRef": {"name": "auth", "key": "no", "optional": True}}},
        {"name": "POD", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
        {"name": "ADDRESS", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
    ]
    environment.insert(0, {"name": "AUDIENCE", "value": "world"})
    sources = [{"configMapRef": {"name": "settings"}}, {"prefix": "S_", "secretRef": {"name": "auth"}}]
    container = python(demo["v1"], SHOW_ENVIRONMENT, env=environment, envFrom=sources)
    apply(kubectl, namespace, config_map("settings", TITLE="Vote"), secret("auth", password="s3 cret$"))
    apply(kubectl, namespace, once("show", container))
    found = output(kubectl, namespace, "show")
    wanted = {
        "GREETING": "hello world",
        "PASSWORD": "s3 cret$",
        "S_password": "s3 cret$",
        "TITLE": "Vote",
        "POD": "show",
    }
    assert {key: found.get(key) for key in wanted} == wanted
    assert "OPTIONAL" not in found
    assert found["ADDRESS"] == read(kubectl, namespace, "pod/show")["status"]["podIP"]


def test_volumes_show_config_maps_and_secrets_as_files(kubectl, namespace, demo):
    volumes = [
        {"name": "settings", "configMap": {"name": "settings"}},
        {"name": "auth", "secret": {"secretName": "auth", "items": [{"key": "password", "path": "redis"}]}},
    ]
    mounts = [
        {"name": name, "mountPath": f"/etc/app/{name}", "readOnly": True} for name in ("settings", "auth")
    ]
    apply(
        kubectl,
        namespace,
        config_map("settings", title="Vote\n"),
        secret("auth", password="s3cret", other="x"),
    )
    apply(
        kubectl, namespace, once("show", python(demo["v1"], SHOW_FILES, volumeMounts=mounts), volumes=volumes)
    )
    assert output(kubectl, namespace, "show") == {"settings/title": "Vote\n", "auth/redis": "s3cret"}


def test_a_missing_secret_key_holds_the_container_back_until_it_is_there(kubectl, namespace, demo):
    reference = {"secretKeyRef": {"name": "auth", "key": "password"}}
    container = python(demo["v1"], env=[{"name": "PASSWORD", "valueFrom": reference}])
    apply(kubectl, namespace, secret("auth", other="x"), pod("waiting", container))
    kubectl.until("CreateContainerConfigError", "-n", namespace, "get", "pods")
    message = "couldn't find key password in Secret " + f"{namespace}/auth"
    kubectl.until(message, "-n", namespace, "get", "events")
    apply(kubectl, namespace, secret("auth", password="x"))
    kubectl.ok("-n", namespace, "wait", "pod/waiting", "--for=condition=Ready", "--timeout=90s")


@pytest.mark.parametrize("kind", ["configMapRef", "secretRef"])
def test_a_missing_source_of_the_environment_is_named(kubectl, namespace, demo, kind):
    apply(kubectl, namespace, pod("waiting", python(demo["v1"], envFrom=[{kind: {"name": "nosuch"}}])))
    kubectl.until("CreateContainerConfigError", "-n", namespace, "get", "pods")
    kubectl.until('"nosuch" not found', "-n", namespace, "get", "events")
