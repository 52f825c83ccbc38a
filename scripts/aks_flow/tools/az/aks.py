"""az: the AKS cluster, found and reached."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from aks_flow.core.command import Command, flags
from aks_flow.core.config.azure import AzureSettings
from aks_flow.core.reading import reads
from aks_flow.tools.az import FOUND_OR_NOT, Az, parse


def show(az: Az, azure: AzureSettings) -> Command:
    return there(az, azure).command("aks", "show", *named(azure), reads=True, ok=FOUND_OR_NOT)


def credentials(az: Az, azure: AzureSettings, file: Path) -> Command:
    """Write the signed-in identity's kubeconfig.

    Where there is a kubelogin, az has it convert "the" kubeconfig: without the variable the person's own.
    """
    words = flags(file=file, overwrite_existing=True)
    return (
        there(az, azure)
        .command("aks", "get-credentials", *named(azure), *words)
        .with_env(KUBECONFIG=str(file))
    )


def invoke(az: Az, azure: AzureSettings, line: str, files: list[Path]) -> Command:
    """Start a command line in the cluster, with files beside it; answers with the id to ask for."""
    words = flags(command=line, file=files, no_wait=True)
    return there(az, azure).command("aks", "command", "invoke", *named(azure), *words)


def invoked(az: Az, azure: AzureSettings, identifier: str) -> Command:
    """What has become of it."""
    words = flags(command_id=identifier)
    return there(az, azure).command("aks", "command", "result", *named(azure), *words, reads=True)


def parse_id(text: str) -> str:
    """The id of a command that was started; "" if az did not say."""
    identifier = re.search(r"command id: (\w+)", text)
    return identifier[1] if identifier else ""


@dataclass(frozen=True)
class Invoked:
    """A command's end. state: Succeeded or Failed (then ``reason``); code: the command's own exit code."""

    state: str
    code: int | None = None
    logs: str = ""
    reason: str = ""


@reads("az", private=True)
def parse_invoked(text: str) -> Invoked | None:
    """None while it runs: then az says so in a sentence, or its state is not one of an end."""
    answer = parse(text) if text.lstrip().startswith("{") else None
    if answer is None or answer.get("provisioningState") not in ("Succeeded", "Failed"):
        return None
    code = answer.get("exitCode")
    return Invoked(answer["provisioningState"], code, answer.get("logs") or "", answer.get("reason") or "")


def named(azure: AzureSettings) -> tuple[str, ...]:
    """The options that say which cluster."""
    return flags(name=azure.cluster.name, resource_group=azure.cluster.group or azure.group)


def there(az: Az, azure: AzureSettings) -> Az:
    """az, where the cluster is: one that was there before may be in another subscription."""
    return replace(az, subscription=azure.cluster.subscription or az.subscription)
