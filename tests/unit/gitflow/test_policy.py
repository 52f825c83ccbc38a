"""Which versions an environment takes."""

import pytest

from aks_flow.core.config.errors import ConfigError
from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow import policy
from aks_flow.gitflow.version import Version

TAGS = [
    "1.4.0",
    "1.5.0-alpha.9",
    "1.5.0-rc.9",
    "1.5.0-rc.10",
    "1.5.0-alpha.11",
    "1.5.0-alpha.11.dirty.0123456789ab",
    "1.5.0-feature-x.30",
    "latest",
    "tree-0a1b",
    "v1.9.0",
    "",
]
NEWEST = {"any": "1.5.0-rc.10", "alpha": "1.5.0-alpha.11", "candidate": "1.5.0-rc.10", "final": "1.4.0"}


@pytest.mark.parametrize(("admits", "newest"), NEWEST.items())
def test_the_newest_is_by_semver_and_by_the_policy(admits, newest):
    assert str(policy.newest(TAGS, admits)) == newest


def test_words_that_are_no_version_never_count():
    assert policy.newest(["latest", "tree-0a1b", "1.5", "1.5.0+build"], "any") is None


ADMITTED = {
    ("any", "1.5.0-feature-dark-mode.3"): True,
    ("any", "1.5.0-alpha.3.dirty.0123456789ab"): True,
    ("alpha", "1.5.0-alpha.3"): True,
    ("alpha", "1.5.0-alpha.3.dirty.0123456789ab"): False,
    ("alpha", "1.5.0-rc.1"): False,
    ("alpha", "1.5.0-feature-alpha.1"): False,
    ("alpha", "1.5.0"): False,
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
    with pytest.raises(ConfigError, match="knows no 'all'. Choose one of: any, alpha, candidate, final"):
        policy.newest(["1.0.0"], "all")


def test_a_version_that_an_environment_does_not_admit_is_refused_in_one_sentence():
    with pytest.raises(AksFlowError, match="production admits releases, and 1.5.0-rc.1 is none of them"):
        policy.check("final", Version.parse("1.5.0-rc.1"), "production")
    policy.check("final", Version.parse("1.5.0"), "production")
