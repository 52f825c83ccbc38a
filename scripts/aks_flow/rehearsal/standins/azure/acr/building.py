"""An image built and pushed as ACR's tasks do: from an uploaded context, signed in to their own registry."""

import base64
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.command import Command, command
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.azure.acr import tokens
from aks_flow.rehearsal.standins.azure.cloud import Cloud

_USER = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class Build:
    """context: a tar of the folder, gzipped. arguments: name and value of each. push: False builds only."""

    context: bytes
    dockerfile: str
    images: tuple[str, ...]
    arguments: tuple[tuple[str, str], ...]
    push: bool


def run(cloud: Cloud, build: Build) -> tuple[bool, str]:
    """Build and push; whether it went well, and the log."""
    log = []
    with tempfile.TemporaryDirectory(prefix="aks-flow-acr-") as folder:
        _login(cloud, Path(folder))
        # The builder trusts the registry as the client does: BuildKit asks for the token itself.
        variables = {"DOCKER_CONFIG": folder, "SSL_CERT_FILE": str(cloud.folder / "tls.crt")}
        for step in _steps(cloud, build):
            log.append(f"# {step}")
            result = Local().run(step.with_env(**variables))
            log += [result.text, result.error_text]
            if result.code:
                return False, "\n".join(log)
    return True, "\n".join(log)


def _steps(cloud: Cloud, build: Build) -> list[Command]:
    names = [f"{cloud.host}/{image}" for image in build.images]
    flags = [word for name in names for word in ("--tag", name)]
    flags += [word for name, value in build.arguments for word in ("--build-arg", f"{name}={value}")]
    any_code = range(-255, 256)
    words = ("docker", "build", "--file", build.dockerfile, *flags, "-")
    steps = [command(*words, stdin=build.context, ok=any_code)]
    if build.push:
        steps += [command("docker", "push", "--quiet", name, ok=any_code) for name in names]
    return steps


def _login(cloud: Cloud, folder: Path) -> None:
    token = tokens.task_token(cloud)
    auth = base64.b64encode(f"{_USER}:{token}".encode()).decode()
    (folder / "config.json").write_text(json.dumps({"auths": {cloud.host: {"auth": auth}}}))
