"""The images that a rollout's pods run, held against the delivered ones by their digests."""

import pytest

from aks_flow.core.image_ref import ImageRef, with_others
from aks_flow.rollout.verdict import digests
from aks_flow.rollout.verdict.facts import RolloutFacts, WorkloadFacts
from aks_flow.rollout.verdict.goal import GoalTarget
from aks_flow.rollout.verdict.pods import Container, ObservedPod

OWN, OTHER, OLD = (f"sha256:{letter * 64}" for letter in "abc")
API = ImageRef("registry.example.com", "shop/api", "1.5.0", OWN)
WEB = ImageRef("registry.example.com", "shop/web", "1.5.0", OTHER)
VERSION = with_others(API, {"web": WEB})


def facts(*pods: dict[str, str]) -> RolloutFacts:
    """One workload, whose pods have these containers and images."""
    observed = tuple(
        ObservedPod(
            f"pod-{number}", "u", containers=tuple(Container(name, image) for name, image in pod.items())
        )
        for number, pod in enumerate(pods)
    )
    return RolloutFacts((WorkloadFacts(GoalTarget("Deployment", "api"), pods=observed),))


CASES = {
    "all pods": ([{"api": str(API)}, {"api": str(API)}], "2 pods of sha256:aaaaaaaaaaaa", []),
    "a pod with two containers of it": (
        [{"api": str(API), "worker": str(API)}],
        "1 pod of sha256:aaaaaaaaaaaa",
        [],
    ),
    "two images": (
        [{"api": str(API)}, {"web": str(WEB)}],
        "1 pod of sha256:aaaaaaaaaaaa, 1 pod of sha256:bbbbbbbbbbbb",
        [],
    ),
    "from another registry": (
        [{"api": f"mirror.example.com/cache/api@{OWN}"}],
        "1 pod of sha256:aaaaaaaaaaaa",
        [],
    ),
    "an image of others": ([{"api": str(API), "proxy": "envoy:1"}], "1 pod of sha256:aaaaaaaaaaaa", []),
    "no reference": ([{"api": str(API), "odd": "A b"}], "1 pod of sha256:aaaaaaaaaaaa", []),
    "no pod": ([], "no pod runs it now", []),
    "another build": (
        [{"api": str(API)}, {"api": f"registry.example.com/shop/api:1.5.0@{OLD}"}],
        None,
        [f"api of pod-1 runs registry.example.com/shop/api:1.5.0@{OLD}, not {OWN}"],
    ),
    "no digest": (
        [{"api": "registry.example.com/shop/api:1.5.0"}],
        None,
        [f"api of pod-0 runs registry.example.com/shop/api:1.5.0, not {OWN}"],
    ),
}


@pytest.mark.parametrize(("pods", "proof", "differing"), CASES.values(), ids=CASES)
def test_the_pods_are_held_against_the_delivered_digests(pods, proof, differing):
    images = digests.read(facts(*pods), VERSION)
    assert [str(image) for image in images if image.differs] == differing
    assert proof is None or digests.proof(images) == proof
