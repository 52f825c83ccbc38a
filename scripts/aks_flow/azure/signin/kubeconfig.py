"""A kubeconfig whose users ask `az` for their tokens: no program of its own is needed for that.

`az aks get-credentials` writes one that calls kubelogin, which hosted runners do not have, and which in its
mode for az only asks az itself, at each call of kubectl's.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

import aks_flow
from aks_flow.core import yaml_text
from aks_flow.core.errors import AksFlowError
from aks_flow.tools.az import Az, account

_KUBELOGIN, _SERVER = "kubelogin", "--server-id"
_PROGRAM = Path(__file__).with_name("kept_token.py")
_SOURCES = Path(aks_flow.__file__).parents[1]  # a kubectl that is started anywhere finds the package there


def let_az_ask(text: str, az: Az) -> str:
    """The kubeconfig with az, and its sign-in, in kubelogin's place; as it is where nobody calls that.

    AksFlowError if it does not say whom kubelogin would ask for a token.
    """
    config = yaml_text.load(text, "the kubeconfig") or {}
    callers = [entry["user"] for entry in config.get("users") or () if _calls_kubelogin(entry["user"])]
    for user in callers:
        user["exec"] = _exec(az, _server(user["exec"].get("args") or []))
    return yaml.safe_dump(config) if callers else text


def _calls_kubelogin(user: Mapping[str, Any]) -> bool:
    return (user.get("exec") or {}).get("command", "").rpartition("/")[2] == _KUBELOGIN


def _server(arguments: list[str]) -> str:
    """The id of the application that the cluster's tokens are for."""
    if _SERVER in arguments[:-1]:
        return arguments[arguments.index(_SERVER) + 1]
    step = "Get it again with `./inv azure.login`; `az version` may say that az is too old."
    raise AksFlowError(f"the kubeconfig calls {_KUBELOGIN} without {_SERVER}", next_step=step)


def _exec(az: Az, server: str) -> dict[str, Any]:
    asked = account.token_for_kubectl(az, server)
    # -S: without what is installed, which takes Python time to find
    words = ("-S", str(_PROGRAM), str(kept_tokens(az) / server), *asked.argv)
    environment = {**asked.env, "PYTHONPATH": str(_SOURCES)}
    return {
        "apiVersion": account.CREDENTIAL,
        "command": sys.executable,
        "args": [*words],
        "env": [{"name": name, "value": value} for name, value in environment.items()],
        "interactiveMode": "Never",
        "installHint": "az asks Entra ID for the cluster's tokens: https://aka.ms/azure-cli",
    }


def kept_tokens(az: Az) -> Path:
    """The folder of the clusters' tokens of this sign-in: another one must not find them."""
    return az.home / "kubectl-tokens"
