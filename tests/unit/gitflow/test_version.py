from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow.version import CommitFacts, Version, derive

COMMIT = "0" * 40


@pytest.mark.parametrize(
    ("branch", "last", "distance", "dirty", "version"),
    [
        ("main", "1.4.0", 0, "", "1.4.0"),
        ("develop", "1.4.0", 12, "", "1.5.0-alpha.12"),
        ("develop", None, 3, "", "0.1.0-alpha.3"),
        ("release/1.5.0", "1.4.0", 2, "", "1.5.0-rc.2"),
        ("hotfix/1.4.1", "1.4.0", 1, "", "1.4.1-rc.1"),
        ("feature/dark-mode", "1.4.0", 3, "", "1.5.0-feature-dark-mode.3"),
        ("feature/Ünïcode; $(id)", "1.4.0", 3, "", "1.5.0-feature-n-code-id.3"),
        ("007", "1.4.0", 3, "", "1.5.0-branch-007.3"),
        ("rc", "1.4.0", 3, "", "1.5.0-branch-rc.3"),
        ("Alpha", "1.4.0", 3, "", "1.5.0-branch-alpha.3"),
        ("", "1.4.0", 3, "", "1.5.0-detached.3"),
        ("develop", "1.4.0", 12, "abcdef0123456789", "1.5.0-alpha.12.dirty.abcdef012345"),
        ("main", "1.4.0", 0, "abcdef0123456789", "1.5.0-main.0.dirty.abcdef012345"),
    ],
)
def test_a_commit_s_version_follows_its_branch_and_the_last_release(branch, last, distance, dirty, version):
    facts = CommitFacts(COMMIT, branch, last and Version.parse(last), distance, dirty)
    assert str(derive(facts)) == version


def test_semver_s_own_example_is_in_order():
    words = ["alpha", "alpha.1", "alpha.beta", "beta", "beta.2", "beta.11", "rc.9", "rc.10"]
    versions = [Version.parse(f"1.0.0-{word}") for word in words] + [Version(1, 0, 0)]
    assert all(older < newer for older, newer in pairwise(versions))


@pytest.mark.parametrize(
    "text", ["1", "1.2", "v1.2.3", "01.2.3", "1.2.3-", "1.2.3-a..b", "latest", "1.2.3+build"]
)
def test_what_is_no_version_is_refused(text):
    with pytest.raises(AksFlowError, match="is not a version"):
        Version.parse(text)


def test_a_release_s_own_count_goes_before_the_distance_from_the_last_release():
    facts = CommitFacts(COMMIT, "release/1.5.0", Version(1, 4, 0), distance=12, count=2)
    assert str(derive(facts)) == "1.5.0-rc.2"


def test_a_release_branch_whose_name_is_no_version_is_any_other_branch():
    assert str(derive(CommitFacts(COMMIT, "release/01.5.0", Version(1, 4, 0), 2))) == "1.5.0-release-01-5-0.2"


@given(st.text(max_size=60), st.integers(0, 10**6))
def test_every_branch_gives_a_version_that_is_a_tag_and_reads_back(branch, distance):
    version = derive(CommitFacts(COMMIT, branch, None, distance))
    assert Version.parse(str(version)) == version
    assert len(str(version)) <= 128


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_versions_grow_along_develop(distance, more):
    older, newer = (derive(CommitFacts(COMMIT, "develop", None, n)) for n in (distance, distance + more))
    assert older < newer
