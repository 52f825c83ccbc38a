"""`kubelogin` for where the real one is not installed: an Entra token from `az`, for kubectl.

It knows ``convert-kubeconfig`` and ``get-token``, both with ``--login azurecli``, as the real program's
documentation has them (https://azure.github.io/kubelogin/concepts/login-modes/azurecli.html).
"""

import argparse
import datetime
import json
import os
import sys
from pathlib import Path

import yaml

from aks_flow.core.command import command
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.kubernetes.credentials import write_private

_LOGIN = "azurecli"
_VERSION = "0.1.0"  # the least that doctor asks for


def main() -> None:
    options = _parser().parse_args()
    try:
        if options.login != _LOGIN:
            step = f"Use --login {_LOGIN}, or install the real kubelogin (az aks install-cli)."
            raise AksFlowError(f"only --login {_LOGIN} is known here, not {options.login}", next_step=step)
        options.act(options)
    except AksFlowError as error:
        sys.exit(f"kubelogin: {error}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kubelogin", description="Entra tokens for kubectl.")
    parser.add_argument("--version", action="version", version=f"kubelogin version {_VERSION}")
    verbs = parser.add_subparsers(required=True)
    for name, act in (("convert-kubeconfig", _convert), ("get-token", _get_token)):
        verb = verbs.add_parser(name)
        verb.set_defaults(act=act)
        verb.add_argument("--login", "-l", default="devicecode")
        verb.add_argument("--kubeconfig", default=os.environ.get("KUBECONFIG", ""))
        for ignored in ("--environment", "--client-id", "--tenant-id", "--server-id"):
            verb.add_argument(ignored, default="")
    return parser


def _convert(options: argparse.Namespace) -> None:
    """Make every user that asks kubelogin ask it for az's sign-in."""
    file = Path(options.kubeconfig)
    config = yaml.safe_load(file.read_text())
    for user in config["users"]:
        asks = user["user"].get("exec") or {}
        if asks.get("command") == "kubelogin":
            server = asks["args"][asks["args"].index("--server-id") + 1]
            asks["args"] = ["get-token", "--login", _LOGIN, "--server-id", server]
    write_private(file, yaml.safe_dump(config))


def _get_token(options: argparse.Namespace) -> None:
    words = ("account", "get-access-token", "--resource", options.server_id, "--output", "json")
    answer = json.loads(Local().run(command("az", *words, "--only-show-errors", reads=True)).text)
    ends = datetime.datetime.fromtimestamp(answer["expires_on"], datetime.UTC)
    status = {"expirationTimestamp": f"{ends:%Y-%m-%dT%H:%M:%SZ}", "token": answer["accessToken"]}
    print(
        json.dumps(
            {"apiVersion": "client.authentication.k8s.io/v1beta1", "kind": "ExecCredential", "status": status}
        )
    )


if __name__ == "__main__":
    main()
