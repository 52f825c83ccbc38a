"""What a plan is read from, beside the manifests."""

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow.supersede import Delivered
from aks_flow.push import newer_version
from aks_flow.push.artifacts import Artifacts
from aks_flow.push.planning import look, marks_of_new
from aks_flow.push.request import PushRequest
from tests.unit.push.test_deliver import BY_NAME, COMMIT, NOW, SOURCE
from tests.unit.push.test_roll_out import IMAGE, KUBECTL, delivery

TWINS = "deployment/front-canary deployment/front-green"
NAMES = f"namespace/vote-dev secret/redis-auth lease/aks-flow-delivery {TWINS}"
COLUMNS = "custom-columns=:.kind,:.metadata.name,:.metadata.resourceVersion,:.spec.holderIdentity"
GET = f"{KUBECTL} get {NAMES} --ignore-not-found --no-headers --output={COLUMNS}"
NAMESPACE = "Namespace vote-dev 7 <none>\n"


@pytest.mark.parametrize(
    ("answer", "busy", "lock"),
    [
        ("", False, ""),
        (NAMESPACE, False, ""),
        (NAMESPACE + "Lease aks-flow-delivery 9 <none>\n", False, "9"),
        (NAMESPACE + "Lease aks-flow-delivery 9 1f2e\n", True, "9"),
        (NAMESPACE + "Deployment front-green 4 <none>\n", True, ""),
    ],
    ids=["nothing", "never locked", "free", "held", "a green beside it"],
)
def test_somebody_is_at_it_who_holds_the_lock_or_left_a_version_beside_the_app(config, answer, busy, lock):
    present = look(delivery(config, {GET: answer}), "dev")
    assert (present.namespace, present.busy, present.lock) == (bool(answer), busy, lock)


def test_marks_name_the_commit_only_if_the_image_is_of_it():
    artifacts = Artifacts(SOURCE, IMAGE, {})
    assert marks_of_new(NOW, artifacts) == newer_version.marks(Delivered(COMMIT, IMAGE.tag))
    assert marks_of_new(BY_NAME, artifacts) == newer_version.marks(Delivered("", IMAGE.tag))


def test_a_digest_without_its_version_is_refused():
    with pytest.raises(AksFlowError, match="a digest needs its version. Give --version too"):
        PushRequest("dev", digest=IMAGE.digest)
