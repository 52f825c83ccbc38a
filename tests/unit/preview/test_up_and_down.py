"""A pull request's preview by push: whose it may be, what it must hold, and that it goes."""

import json
from dataclasses import replace

import pytest

from aks_flow.core.command import Result
from aks_flow.core.config.load import load
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.steps import Silent, Steps
from aks_flow.preview import down, up
from aks_flow.push import namespace_end
from aks_flow.push.outcome import PushOutcome
from aks_flow.push.plan import PushPlan
from aks_flow.push.request import PushRequest
from aks_flow.target.delivery import DeliveryContext
from tests.unit.planned import DIGEST, Planned, Shelf

TIP, MERGE, OTHER = "a" * 40, "b" * 40, "c" * 40
KUBECTL = "kubectl --context=rehearsal --namespace=vote-preview-12"
SHOW = "gh api 'repos/{owner}/{repo}/pulls/12'"
LOOK = f"{KUBECTL} get namespace/vote-preview-12 --ignore-not-found --output=name"
DELETE = f"{KUBECTL} delete namespace vote-preview-12 --ignore-not-found --wait=false"
QUOTA = "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: preview}\n"
IMAGE = ImageRef("localhost:5050", "front", "1.5.0-feature-x.2", DIGEST)
PLAN = PushPlan("preview-12", "vote-preview-12", IMAGE, QUOTA)
OUTCOME = PushOutcome("preview-12", IMAGE, built=True)


def request(**differs) -> str:
    repository = {"full_name": "team/vote"}
    document = {
        "number": 12,
        "html_url": "https://github.com/team/vote/pull/12",
        "state": "open",
        "merged_at": None,
        "merge_commit_sha": MERGE,
        "head": {"ref": "feature/x", "sha": TIP, "repo": repository},
        "base": {"ref": "develop", "repo": repository},
    }
    return json.dumps(document | differs)


def fork(repository: dict | None) -> str:
    return request(head={"ref": "feature/x", "sha": TIP, "repo": repository})


def preview_context(settings, tmp_path, answers) -> DeliveryContext:
    config = load({**settings, "previews": {"namespace": "vote-preview"}}, tmp_path).with_preview(12)
    git = f"git -C {config.root}"
    known = {
        f"{git} remote get-url origin": "https://github.com/team/vote\n",
        f"{git} rev-list --parents --max-count=1 HEAD": f"{MERGE} {OTHER} {TIP}\n",
        SHOW: request(),
    }
    run = Planned(known | answers)
    return DeliveryContext(run, Shelf(run), config, Steps(Silent()))


@pytest.fixture
def pushes(monkeypatch):
    """A push of manifests with a quota, which is shown its plan first; the requests that were pushed."""
    pushed: list[PushRequest] = []

    def push(_, asked, check):
        check(PLAN)
        pushed.append(asked)
        return OUTCOME

    monkeypatch.setattr(up.deliver, "push", push)
    return pushed


def test_what_is_checked_out_of_a_pull_request_is_pushed_to_its_environment(settings, tmp_path, pushes):
    """It is planned once: what the comment shows is the plan of the push itself."""
    made = preview_context(settings, tmp_path, {})
    up.admit(made, 12)
    assert up.deliver_it(made, 12) == (OUTCOME, PLAN)
    assert pushes == [PushRequest("preview-12")]


REFUSED = {
    "a fork's": (fork({"full_name": "somebody/vote"}), "comes from a fork"),
    "a fork's that is gone": (fork(None), "comes from a fork"),
    "a closed fork's": (
        json.dumps(json.loads(fork({"full_name": "somebody/vote"})) | {"state": "closed"}),
        "comes from a fork",
    ),
    "a closed one": (request(state="closed"), "is closed.*preview.down 12"),
    "one that has moved on": (
        request(head={"ref": "feature/x", "sha": "d" * 40, "repo": {"full_name": "team/vote"}}),
        "bbbbbbbbbbbb is checked out, not dddddddddddd, the last commit of feature.x",
    ),
}


@pytest.mark.parametrize(("answer", "words"), REFUSED.values(), ids=REFUSED)
def test_a_pull_request_that_may_have_none_is_refused_before_anything_is_built(
    settings, tmp_path, pushes, answer, words
):
    with pytest.raises(AksFlowError, match=words):
        up.admit(preview_context(settings, tmp_path, {SHOW: answer}), 12)


def test_a_pull_request_that_github_does_not_show_gets_none(settings, tmp_path, pushes):
    gone = Result(1, b'{"message": "Not Found"}', b"gh: Not Found (HTTP 404)")
    with pytest.raises(AksFlowError, match="GitHub shows no such"):
        up.admit(preview_context(settings, tmp_path, {SHOW: gone}), 12)


def test_manifests_without_a_quota_are_refused(settings, tmp_path, pushes, monkeypatch):
    unbounded = replace(PLAN, manifest=QUOTA.replace("Quota", "Claim"))
    made = preview_context(settings, tmp_path, {})
    monkeypatch.setattr(up.planning, "read_plan", lambda *_: unbounded)
    monkeypatch.setattr(up.deliver, "push", lambda _, asked, check: check(unbounded))
    for ask in (up.plan, up.deliver_it):
        with pytest.raises(AksFlowError, match=r"overlays/preview/.*have no ResourceQuota"):
            ask(made, 12)


class Going(Planned):
    """A cluster whose namespace is there until it was deleted and asked about twice."""

    looks = 0

    def run(self, command):
        if str(command) == LOOK and DELETE in self.lines:
            self.looks += 1
            self.answers[LOOK] = "namespace/vote-preview-12\n" if self.looks < 2 else ""
        return super().run(command)


def test_a_preview_goes_with_its_namespace_and_is_waited_for(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(namespace_end, "PAUSE", 0.01)
    made = preview_context(settings, tmp_path, {})
    run = Going({LOOK: "namespace/vote-preview-12\n", DELETE: ""})
    assert down.down(DeliveryContext(run, made.registry, made.config, made.steps), 12)
    assert run.lines == [LOOK, DELETE, LOOK, LOOK]


def test_a_preview_that_is_not_there_is_left_alone(settings, tmp_path):
    made = preview_context(settings, tmp_path, {LOOK: ""})
    assert not down.down(made, 12)
    assert made.run.lines == [LOOK]
