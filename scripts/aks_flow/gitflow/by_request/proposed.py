"""Is a branch proposed? Then its pull request is what is checked, as it would be merged."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from aks_flow.gitflow.by_request.hosted import requests_of
from aks_flow.gitflow.flow import Flow
from aks_flow.tools.gh import pull_requests
from aks_flow.tools.gh.pull_requests import PullRequest
from aks_flow.tools.gh.refusals import refusal


def proposed(flow: Flow, branch: str, bases: Iterable[str]) -> list[PullRequest]:
    """The branch's open requests into branches of these patterns; AksFlowError if GitHub cannot be asked."""
    command = requests_of(flow.run, flow.repo).open_from(branch)
    answer = flow.run.run(command)
    if answer.code:
        raise refusal(command, answer)
    patterns = list(bases)
    return [
        request
        for request in pull_requests.parse_all(answer.text)
        if any(fnmatchcase(request.base, pattern) for pattern in patterns)
    ]
