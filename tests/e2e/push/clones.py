"""What the tests that deliver from `clones` do with them."""

import json
import re
import subprocess

from tests.e2e.push.conftest import CLONES, Project


def change(project: Project, title: str) -> None:
    """A change that rolls out, and that needs no build."""
    project.commit("manifests/base/front/front.env", f"TITLE={title}\nOPTIONS=Tabs,Spaces\n")


def until_line(process: subprocess.Popen, pattern: str) -> None:
    """Until the process prints a line that matches: each is read at once, before much has come after it."""
    lines = iter(process.stdout.readline, "")
    assert any(re.match(pattern, line) for line in lines), (pattern, process.communicate())


def title(kubectl, environment: str) -> str:
    """What the pods that the Service finds are configured with."""
    name = configured(kubectl, environment)
    return json.loads(kubectl.ok("-n", f"{CLONES}-{environment}", "get", "configmap", name, "-o", "json"))[
        "data"
    ]["TITLE"]


def configured(kubectl, environment: str) -> str:
    """The name of the ConfigMap that the front end's pods read."""
    text = kubectl.ok("-n", f"{CLONES}-{environment}", "get", "deployment", "front", "-o", "json")
    variables = json.loads(text)["spec"]["template"]["spec"]["containers"][0]["env"]
    [variable] = [entry for entry in variables if entry["name"] == "TITLE"]
    return variable["valueFrom"]["configMapKeyRef"]["name"]
