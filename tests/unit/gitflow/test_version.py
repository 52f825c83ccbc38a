from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow.version import CommitFacts, Version, branch_label, derive

COMMIT = "0123456789" * 4
LAST, OWN = Version(1, 4, 0), Version(1, 5, 0)


def facts(branch: str, kind: str = "", count: int = 3, **more) -> CommitFacts:
    return CommitFacts(COMMIT, branch, kind, last=more.pop("last", LAST), count=count, **more)


@pytest.mark.parametrize(
    ("said", "version"),
    [
        (facts("main", "main", 0, release=LAST), "1.4.0"),
        (facts("main", "main"), "1.4.1-main.3"),
        (facts("master", "main"), "1.4.1-main.3"),
        (facts("main", "main", last=None), "0.1.0-main.3"),
        (facts("develop", "develop", 12), "1.5.0-alpha.12"),
        (facts("develop", "develop", last=None), "0.1.0-alpha.3"),
        (facts("develop", "develop", 0, release=LAST), "1.4.0"),
        (facts("release/1.5.0", "release", 2, own=OWN), "1.5.0-rc.2"),
        (facts("hotfix/1.4.1", "hotfix", 1, own=Version(1, 4, 1)), "1.4.1-rc.1"),
        (facts("feature/dark-mode", "feature"), "1.5.0-feature-dark-mode.3"),
        (facts("", count=4), "1.5.0-detached-01234567.4"),
        (facts("develop", "develop", 12, dirty="abcdef0123456789"), "1.5.0-alpha.12.dirty.abcdef012345"),
        (facts("main", "main", 0, release=LAST, dirty="abcdef0123456789"), "1.4.1-main.0.dirty.abcdef012345"),
    ],
    ids=str,
)
def test_a_commit_s_version_follows_its_branch_and_the_releases(said, version):
    assert str(derive(said)) == version


@pytest.mark.parametrize("branch", ["feature/dark-mode", "feature/x", "dark-mode", "renovate", "v2"])
def test_a_plain_name_is_a_label_as_it_is(branch):
    assert branch_label(branch) == branch.replace("/", "-")


ALIKE = [
    ("feature/dark-mode", "feature/dark/mode", "feature-dark-mode", "Feature/dark-mode", "feature/dark_mode"),
    ("feature/Ünïcode", "feature/n-code", "feature/ñ-code"),
    ("feature/深色", "feature/浅色", "feature/"),
    ("feature/" + "x" * 40, "feature/" + "x" * 41, "feature/" + "x" * 40 + "-two"),
    ("alpha", "Alpha", "rc", "RC", "main", "alpha-x", "007", "7", "detached", "-", ""),
]


@pytest.mark.parametrize("branches", ALIKE, ids=lambda branches: branches[0])
def test_names_that_read_alike_have_labels_of_their_own(branches):
    labels = [branch_label(branch) for branch in branches]
    assert len(set(labels)) == len(labels)
    assert not {"alpha", "rc", "main"} & set(labels)


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_two_branches_have_the_same_label(one, other):
    assert (branch_label(one) == branch_label(other)) == (one == other)


def test_semver_s_own_example_is_in_order():
    words = ["alpha", "alpha.1", "alpha.beta", "beta", "beta.2", "beta.11", "rc.9", "rc.10"]
    versions = [Version.parse(f"1.0.0-{word}") for word in words] + [Version(1, 0, 0)]
    assert all(older < newer for older, newer in pairwise(versions))


@pytest.mark.parametrize(
    "text", ["1", "1.2", "v1.2.3", "01.2.3", "1.2.3-", "1.2.3-a..b", "latest", "1.2.3+build", "1.2.1\u0663"]
)
def test_what_is_no_version_is_refused(text):
    with pytest.raises(AksFlowError, match="is not a version"):
        Version.parse(text)


@given(st.text(max_size=60), st.integers(0, 10**6))
def test_every_branch_gives_a_version_that_is_a_tag_and_reads_back(branch, count):
    version = derive(facts(branch, count=count))
    assert Version.parse(str(version)) == version
    assert len(str(version)) <= 128
