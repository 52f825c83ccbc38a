"""Which versions an environment takes by itself."""

import pytest

from aks_flow.core.config.errors import ConfigError
from aks_flow.gitflow.version import Version
from aks_flow.gitops import policy

TAGS = [
    "1.4.0",
    "1.5.0-alpha.9",
    "1.5.0-rc.9",
    "1.5.0-rc.10",
    "1.5.0-alpha.11",
    "latest",
    "tree-0a1b",
    "v1.9.0",
    "",
]
NEWEST = {"any": "1.5.0-rc.10", "candidate": "1.5.0-rc.10", "final": "1.4.0"}


@pytest.mark.parametrize(("admits", "newest"), NEWEST.items())
def test_the_newest_is_by_semver_and_by_the_policy(admits, newest):
    assert str(policy.newest(TAGS, admits)) == newest


def test_words_that_are_no_version_never_count():
    assert policy.newest(["latest", "tree-0a1b", "1.5", "1.5.0+build"], "any") is None


ADMITTED = {
    ("any", "1.5.0-feature-dark-mode.3"): True,
    ("any", "1.5.0-alpha.3.dirty.0123456789ab"): False,
    ("candidate", "1.5.0-rc.1"): True,
    ("candidate", "1.5.0"): True,
    ("candidate", "1.5.0-rc"): False,
    ("candidate", "1.5.0-rc.1.dirty.0123456789ab"): False,
    ("candidate", "1.5.0-alpha.1"): False,
    ("final", "1.5.0"): True,
    ("final", "1.5.0-rc.1"): False,
}


@pytest.mark.parametrize(("case", "answer"), ADMITTED.items(), ids=map(" ".join, ADMITTED))
def test_a_policy_admits(case, answer):
    admits, version = case
    assert policy.admits(admits, Version.parse(version)) is answer


def test_an_unknown_policy_names_those_there_are():
    with pytest.raises(ConfigError, match="knows no 'all'. Choose one of: any, candidate, final"):
        policy.newest(["1.0.0"], "all")
