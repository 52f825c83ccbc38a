"""A pull delivery is refused where the last delivery was a push, with who pushed and what to do."""

import json
from types import SimpleNamespace

import pytest

from aks_flow.core.command import Result
from aks_flow.core.errors import AksFlowError
from aks_flow.gitops import pushed_since
from aks_flow.target.delivery import DeliveryContext
from aks_flow.target.push_records import LABELS
from aks_flow.tools.argocd import ArgoCD
from aks_flow.tools.kubectl import get
from tests.unit.planned import Planned

MOMENT = "2026-01-01T00:00:00Z"
BEFORE, AFTER = "2025-12-31T23:59:59Z", "2026-01-01T00:00:01Z"
PUSHES = [{"metadata": {"name": moment, "creationTimestamp": moment}} for moment in (MOMENT, BEFORE)]
PUSHED = json.dumps({"kind": "List", "items": PUSHES})
NOTHING = '{"kind": "List", "items": []}'
FORBIDDEN = Result(1, b"", b'Error from server (Forbidden): secrets is forbidden: User "a" cannot list')
NO_ARGO_CD = Result(1, b"", b'error: the server doesn\'t have a resource type "applications"')


def application(created: str, *synced: str) -> str:
    history = [{"revision": "a", "deployedAt": moment} for moment in synced]
    return json.dumps(
        {
            "kind": "Application",
            "metadata": {"name": "vote-dev", "creationTimestamp": created},
            "status": {"history": history},
        }
    )


CASES = {
    "nothing was ever pushed": (NOTHING, None, ""),
    "no Application looks after it": (PUSHED, "", "no Application of Argo CD looks after it"),
    "an Application that is older": (PUSHED, application(BEFORE), "after Argo CD synced it last"),
    "an older sync": (PUSHED, application(BEFORE, BEFORE), "after Argo CD synced it last"),
    "an Application made since": (PUSHED, application(AFTER), ""),
    "a sync since": (PUSHED, application(BEFORE, BEFORE, AFTER), ""),
    "both in one second": (PUSHED, application(MOMENT), ""),
    "whoever delivers may not read the history": (FORBIDDEN, None, ""),
    "Argo CD is in another cluster": (PUSHED, NO_ARGO_CD, ""),
}


@pytest.mark.parametrize("case", CASES)
def test_what_was_pushed_since_is_not_pulled_over(config, case):
    history, found, words = CASES[case]
    asked = "get applications.argoproj.io vote-dev --ignore-not-found --output=json"
    run = Planned({})
    context = DeliveryContext(run, None, config, SimpleNamespace())
    secrets = get.labelled(context.cluster("dev"), "secrets", LABELS)
    answers = {str(secrets): history}
    if found is not None:
        argocd = ArgoCD.of(context.config).application("vote-dev")
        assert str(argocd).endswith(asked)
        answers[str(argocd)] = found
    run.answers = answers
    if not words:
        return pushed_since.refuse(context, "dev")
    with pytest.raises(AksFlowError, match=words) as caught:
        pushed_since.refuse(context, "dev")
    said = str(caught.value)
    assert f"dev was pushed to at {MOMENT}" in said
    assert "`./inv push --env dev` delivers there" in said and said.endswith("run `./inv argocd.apply`.")
    # A new Application is younger than the pushes: nothing of their history stands in its way.
    assert ("delete secret --selector" in said) == bool(found)
    return None
