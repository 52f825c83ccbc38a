"""Time in the environment before, as the branch's commits say."""

import pytest

from aks_flow.core.config.gates import Soak
from aks_flow.core.image_ref import ImageRef, with_others
from aks_flow.gitops.gates import soak
from aks_flow.gitops.gates.candidate import Candidate
from aks_flow.tools.git.past_commits import PastCommit
from tests.unit.gitops.objects import digest

IMAGE = ImageRef("r.example", "front", "1.0.0-rc.1", digest("it"))
HERE, OTHER = frozenset({digest("it")}), frozenset({digest("other")})
NOW, ASKED = 100_000, 3_600
STAYED = "it was in staging from 1970-01-02T01:46:40.000Z for 0:50:00, and 1:00:00 are asked for"

# (seconds ago, what the commit brought), newest first -> what is missing; "" for nothing.
PASTS = {
    "nothing was ever there": ([], "it was never in staging, where it must have been for 1:00:00"),
    "another was there": ([(9_000, OTHER)], "it was never in staging, where it must have been for 1:00:00"),
    "a commit without digests": ([(9_000, frozenset())], "it was never in staging, where"),
    "there for long enough": ([(3_600, HERE)], ""),
    "there for too short a time": (
        [(3_000, HERE), (9_000, OTHER)],
        "it is in staging since 1970-01-02T02:56:40.000Z, 1:00:00 are asked for, and 0:10:00 are missing",
    ),
    "a commit begins the time anew": (
        [(600, HERE), (4_000, HERE)],
        "it is in staging since 1970-01-02T03:36:40.000Z, 1:00:00 are asked for, and 0:50:00 are missing",
    ),
    "its time was before another came": ([(600, OTHER), (9_000, HERE)], ""),
    "its time ended too soon": ([(4_200, OTHER), (7_200, HERE)], STAYED),
    "it came back, and had its time before": ([(60, HERE), (90, OTHER), (9_000, HERE)], ""),
    "a clock that is ahead": ([(-500, HERE)], "and 1:08:20 are missing"),
}


def commit(when: int, digests: frozenset[str]) -> PastCommit:
    return PastCommit("c", "", "", when=when, others=" ".join(digests))


@pytest.mark.parametrize(("past", "said"), PASTS.values(), ids=PASTS)
def test_the_time_is_that_of_the_version_s_own_commits(past, said):
    commits = [commit(NOW - ago, digests) for ago, digests in past]
    sentences = list(soak.lacking(commits, Candidate("p", IMAGE, ""), Soak("staging", ASKED), NOW))
    if not said:
        assert sentences == []
    else:
        [sentence] = sentences
        assert said in sentence


def test_an_app_of_several_images_is_there_only_with_all_of_them():
    several = with_others(IMAGE, {"api": ImageRef("r.example", "api", "1.0.0-rc.1", digest("api"))})
    candidate, asked = Candidate("p", several, ""), Soak("staging", ASKED)
    assert list(soak.lacking([commit(0, HERE)], candidate, asked, NOW))
    assert not list(soak.lacking([commit(0, HERE | {digest("api")})], candidate, asked, NOW))
