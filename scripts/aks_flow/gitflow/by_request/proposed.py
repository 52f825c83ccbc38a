"""Is a branch proposed? Then its pull request is what is checked, as it would be merged."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from aks_flow.gitflow.by_request.hosted import answered, requests_of
from aks_flow.gitflow.flow import Flow
from aks_flow.tools.gh import pull_requests
from aks_flow.tools.gh.pull_requests import PullRequest


def proposed(flow: Flow, branch: str, bases: Iterable[str]) -> list[PullRequest]:
    """The branch's open requests into branches of these patterns; AksFlowError if GitHub cannot be asked."""
    answer = answered(flow.run, requests_of(flow.run, flow.repo).open_from(branch))
    patterns = list(bases)
    return [
        request
        for request in pull_requests.parse_all(answer)
        if any(fnmatchcase(request.base, pattern) for pattern in patterns)
    ]
