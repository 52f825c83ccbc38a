"""The OIDC token that GitHub gives a job: who it is, for as long as it takes to sign in.

https://docs.github.com/actions/reference/security/oidc
"""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping

from aks_flow.core.command import Secret
from aks_flow.core.errors import AksFlowError
from aks_flow.core.reading import UNREADABLE, text_of
from aks_flow.tools.az import AUDIENCE

_URL, _TOKEN = "ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"
TIMEOUT = 10  # seconds


def in_job(environment: Mapping[str, str]) -> bool:
    return environment.get("GITHUB_ACTIONS") == "true"


def fetch(environment: Mapping[str, str]) -> Secret:
    """A fresh token for Azure; AksFlowError if the job gets none."""
    if not environment.get(_URL):
        step = "Add `id-token: write` to the job's permissions; act and forks' pull requests have none."
        raise AksFlowError("GitHub gives this job no OIDC token", where=_URL, next_step=step)
    request = urllib.request.Request(
        f"{environment[_URL]}&audience={AUDIENCE}",
        headers={"Authorization": f"bearer {environment.get(_TOKEN, '')}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            return Secret(text_of(json.load(answer)["value"]))
    except (OSError, *UNREADABLE) as error:
        step = "Run the job again; https://www.githubstatus.com says whether GitHub is in trouble."
        what = f"GitHub's token service did not answer as it should ({error})"
        raise AksFlowError(what, next_step=step) from error
