"""What of this process's environment a program gets: credentials of one program do not go to another.

A variable that nobody here knows goes to all: proxies, locales and helpers have hundreds. A project's own
commands (its tests, its gates) get what a shell would give them, but for what says who a job is.
"""

import os
import re
from pathlib import PurePath

from aks_flow.core.command import Command, Secret

# With these a job proves to others who it is. What needs them asks for its token in process (azure/signin).
_KEPT_BACK = frozenset({"ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL"})
_STARTED = (
    *("act", "actionlint", "apt-get", "az", "docker", "dpkg", "dpkg-deb"),
    *("gh", "git", "helm", "kubectl", "zizmor"),
)
# Whose a credential is: the programs that sign in by it, themselves or by a helper such as kubelogin.
_OWNERS = (
    (re.compile(r"(GH|GITHUB)(_ENTERPRISE)?_TOKEN"), {"gh", "git"}),
    (re.compile(r"(AZURE|ARM|AAD)_\w*(SECRET|PASSWORD|KEY|TOKEN)"), {"az", "docker", "kubectl"}),
    (re.compile(r"AWS_(SECRET_ACCESS_KEY|SESSION_TOKEN)"), {"docker", "git", "kubectl"}),
    (re.compile(r"(DOCKER_?HUB|DOCKER|REGISTRY|ACR)_\w*(TOKEN|PASSWORD|AUTH_CONFIG)"), {"docker"}),
    (re.compile(r"ACTIONS_RUNTIME_TOKEN"), {"docker"}),  # buildx's cache is the run's
    (re.compile(r"AKSFLOW_(REGISTRY_PASSWORD|KUBECONFIG)"), set()),  # read in process
)
# Go's garbage collector, which by itself takes a third of what `kubectl kustomize` computes in a moment. The
# index that a question to git renews by the way, under a lock that a person's commit would run into.
_SPARED = {"kubectl": {"GOGC": "400"}, "git": {"GIT_OPTIONAL_LOCKS": "0"}}


def child_environment(command: Command) -> dict[str, str]:
    """This process's own variables that are for the program, and the command's, secrets revealed.

    What lives for a moment is spared what does not matter to it, unless this process was told otherwise.
    """
    program = _program(command.argv[0])
    own = {name: value for name, value in os.environ.items() if _is_for(program, name)}
    given = {name: revealed(value) for name, value in command.env.items()}
    return _SPARED.get(program, {}) | (_github_of(own) if program == "gh" else {}) | own | given


def _github_of(job: dict[str, str]) -> dict[str, str]:
    """Where a job's GitHub is: gh knows github.com, and no other by GH_TOKEN alone (cli/cli issue 14389)."""
    host = job.get("GITHUB_SERVER_URL", "").partition("://")[2]
    token = {"GH_ENTERPRISE_TOKEN": job["GH_TOKEN"]} if "GH_TOKEN" in job else {}
    return {"GH_HOST": host} | token if host not in ("", "github.com") else {}


def revealed(value: str | Secret) -> str:
    return value.reveal() if isinstance(value, Secret) else value


def _program(path: str) -> str:
    """Its name; docker's credential helpers count as docker."""
    name = PurePath(path).name
    return "docker" if name.startswith("docker-credential-") else name


def _is_for(program: str, variable: str) -> bool:
    if variable in _KEPT_BACK:
        return False
    if program not in _STARTED:
        return True
    return all(program in owners for names, owners in _OWNERS if names.fullmatch(variable))
