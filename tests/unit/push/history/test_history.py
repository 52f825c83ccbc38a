"""Revisions: kept in Secrets, counted, chosen; from data alone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aks_flow.core.errors import AksFlowError
from aks_flow.push.history import history as histories
from aks_flow.push.history import revision as revisions
from aks_flow.push.history.history import KEPT, History, chosen
from aks_flow.tools.kubectl import Kubectl
from tests.unit.planned import Planned
from tests.unit.push.revisions import kept, one

KUBECTL = "kubectl --namespace=vote-dev"
CLUSTER = Kubectl(namespace="vote-dev")


@given(st.text(max_size=200), st.lists(st.text(min_size=1, max_size=20), max_size=3, unique=True))
def test_a_revision_survives_its_secret(manifest, created):
    revision = one(7, manifest, "crash-loop", 3, tuple(sorted(created)))
    found = revisions.parse(kept(revision))
    assert found == revision and found.manifest == manifest and found.same(manifest)


@pytest.mark.parametrize("data", [{}, {"about": "eA=="}, {"about": "e30="}, {"about": "W10="}, None])
def test_a_secret_that_is_no_revision_is_named_with_the_way_out(data):
    item = kept(one(3, "x")) | {"data": data}
    with pytest.raises(AksFlowError, match=r"secret/aks-flow.revision.3: .* cannot be read") as error:
        revisions.parse(item)
    assert "kubectl --namespace vote-dev delete secret aks-flow.revision.3" in str(error.value)


def test_a_manifest_that_no_secret_can_hold_is_not_kept_and_says_so(monkeypatch):
    monkeypatch.setattr(revisions, "LARGEST", 10)
    found = History("dev", (one(1, "x" * 100), one(2, "y" * 100)))
    assert found.good_before("z") is None
    with pytest.raises(
        AksFlowError, match="revision 1 of dev was too large to be kept, and nothing was changed"
    ):
        found.get(1)


def test_the_way_back_is_the_newest_good_one_that_differs():
    found = History("dev", (one(1, "a"), one(2, "b"), one(3, "c", "crash-loop")))
    assert found.good_before("c").number == 2
    assert found.good_before("b") is None, "what is good now is not gone back from"
    assert History("dev", (one(1, "a", "quota"),)).good_before("a") is None
    assert History("dev").good_before("a") is None


def test_undo_after_undo_goes_further_back():
    past = (one(1, "a"), one(2, "b"), one(3, "c"))
    assert History("dev", past).previous().number == 2
    back = (*past, one(4, "b", restores=2))
    assert History("dev", back).previous().number == 1
    with pytest.raises(AksFlowError, match="dev has no earlier good delivery to go back to"):
        History("dev", (*back, one(5, "a", restores=1))).previous()


def test_undo_passes_over_what_was_bad_and_what_is_the_same():
    past = (one(1, "a"), one(2, "b", "never-ready"), one(3, "c"), one(4, "c"), one(5, "d", "crash-loop"))
    assert History("dev", past).previous().number == 4
    assert History("dev", past[:4]).previous().number == 1


@pytest.mark.parametrize("number", ["0", "9", "-1", "1.5", "x", "２"])
def test_a_revision_that_is_not_there_is_one_sentence(number):
    with pytest.raises(AksFlowError, match="and nothing was changed") as error:
        chosen(History("dev", (one(1, "a"), one(2, "b"))), number)
    assert "push.history --env dev" in error.value.next_step


def test_an_empty_history_has_nothing_to_go_back_to():
    with pytest.raises(AksFlowError, match="dev has no earlier good delivery"):
        chosen(History("dev"), "")


def test_what_is_deleted_on_the_way_back_is_what_later_deliveries_made():
    past = (
        one(1, "a", created=("deployment.apps/a",)),
        one(2, "b", created=("service/b", "service/c")),
        one(3, "c", created=("job.batch/c",)),
    )
    assert History("dev", past).created_since(1) == {"service/b", "service/c", "job.batch/c"}


def test_a_bounded_number_is_kept_and_never_without_a_good_one():
    run = Planned({f"{KUBECTL} create --filename=-": ""})
    run.answers |= {
        f"{KUBECTL} delete secret aks-flow.revision.{number} --ignore-not-found --wait=false": ""
        for number in ("1 aks-flow.revision.10", *range(1, 20))
    }
    found = History("dev", (one(1, "a"),))
    for number in range(2, 20):
        found = histories.record(run, CLUSTER, found, one(number, f"m{number}", "quota"))
    assert len(found.revisions) == KEPT + 1 and found.revisions[0].number == 1
    found = histories.record(run, CLUSTER, found, one(20, "good"))
    assert [one.number for one in found.revisions] == list(range(11, 21))


def test_a_verdict_that_is_written_down_already_is_not_written_again():
    found = History("dev", (one(1, "a"),))
    assert histories.conclude(Planned({}), CLUSTER, found, "good") is found
    run = Planned({f"{KUBECTL} annotate secret aks-flow.revision.1 aks-flow/verdict=quota --overwrite": ""})
    assert histories.conclude(run, CLUSTER, found, "quota").last == replace(found.last, verdict="quota")
