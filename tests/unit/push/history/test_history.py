"""Revisions: kept in Secrets, counted, chosen; from data alone."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aks_flow.core.errors import AksFlowError
from aks_flow.push.history import revision, rollback, store
from aks_flow.push.history.history import KEPT, History
from tests.unit.push.revisions import CONCLUDED, MOMENT, entry, kept
from tests.unit.push.test_roll_out import CONCLUDE, CREATE, IMAGE, KUBECTL, MANIFEST, delivery, plan

MARK = f"{KUBECTL} annotate secret aks-flow.revision.{{}} aks-flow/verdict=good {CONCLUDED} --overwrite"


def configs(*names: str) -> str:
    """A manifest of ConfigMaps."""
    items = [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}} for name in names]
    return "".join(f"---\n{json.dumps(item)}\n" for item in items)


@given(st.text(max_size=200), st.lists(st.text(min_size=1, max_size=20), max_size=3, unique=True))
def test_a_revision_survives_its_secret(manifest, created):
    written = entry(7, manifest, "crash-loop", 3, tuple(sorted(created)))
    read = revision.parse(kept(written))
    assert read == written and read.manifest == manifest and read.same(manifest)


def test_a_revision_of_a_time_without_contracts_is_asked_as_the_configuration_says(config):
    old = replace(entry(3, "x"), contract=None)
    assert revision.parse(kept(old)) == old
    assert rollback.plan_of(delivery(config, {}), "dev", old).contract == config.contract
    kept_contract = entry(3, "x").contract
    assert rollback.plan_of(delivery(config, {}), "dev", entry(3, "x")).contract == kept_contract


@pytest.mark.parametrize("data", [{}, {"about": "eA=="}, {"about": "e30="}, {"about": "W10="}, None])
def test_a_secret_that_is_no_revision_is_named_with_the_way_out(data):
    item = kept(entry(3, "x")) | {"data": data}
    with pytest.raises(AksFlowError, match=r"secret/aks-flow.revision.3: .* cannot be read") as error:
        revision.parse(item)
    assert "kubectl --namespace vote-dev delete secret aks-flow.revision.3" in str(error.value)


def test_a_manifest_that_no_secret_can_hold_is_not_kept_and_says_so(monkeypatch):
    monkeypatch.setattr(revision, "LARGEST", 10)
    history = History("dev", (entry(1, "x" * 100), entry(2, "y" * 100)))
    assert history.good_before("z") is None
    with pytest.raises(
        AksFlowError, match="revision 1 of dev was too large to be kept, and nothing was changed"
    ):
        history.get(1)


def test_the_way_back_is_the_newest_good_one_that_differs():
    history = History("dev", (entry(1, "a"), entry(2, "b"), entry(3, "c", "crash-loop")))
    assert history.good_before("c").number == 2
    assert history.good_before("b") is None, "what is good now is not gone back from"
    assert History("dev", (entry(1, "a", "quota"),)).good_before("a") is None
    assert History("dev").good_before("a") is None


def test_undo_after_undo_goes_further_back():
    past = (entry(1, "a"), entry(2, "b"), entry(3, "c"))
    assert History("dev", past).previous().number == 2
    back = (*past, entry(4, "b", restores=2))
    assert History("dev", back).previous().number == 1
    with pytest.raises(AksFlowError, match="dev has no earlier good delivery to go back to"):
        History("dev", (*back, entry(5, "a", restores=1))).previous()


def test_undo_passes_over_what_was_bad_and_what_is_the_same():
    past = (
        entry(1, "a"),
        entry(2, "b", "never-ready"),
        entry(3, "c"),
        entry(4, "c"),
        entry(5, "d", "crash-loop"),
    )
    assert History("dev", past).previous().number == 4
    assert History("dev", past[:4]).previous().number == 1


@pytest.mark.parametrize("number", ["0", "9", "-1", "1.5", "x", "２"])
def test_a_revision_that_is_not_there_is_one_sentence(number):
    with pytest.raises(AksFlowError, match="and nothing was changed") as error:
        History("dev", (entry(1, "a"), entry(2, "b"))).chosen(number)
    assert "push.history --env dev" in error.value.next_step


def test_an_empty_history_has_nothing_to_go_back_to():
    with pytest.raises(AksFlowError, match="dev has no earlier good delivery"):
        History("dev").chosen("")


def test_what_is_deleted_on_the_way_back_is_what_later_deliveries_made():
    past = (
        entry(1, "a", created=("deployment.apps/a",)),
        entry(2, "b", created=("service/b", "service/c")),
        entry(3, "c", created=("job.batch/c",)),
    )
    assert History("dev", past).created_since(1) == {"service/b", "service/c", "job.batch/c"}


def test_a_bounded_number_is_kept_and_never_without_a_good_one(config):
    answers = {CREATE: ""} | {
        f"{KUBECTL} delete secret aks-flow.revision.{number} --ignore-not-found --wait=false": ""
        for number in range(2, 20)
    }
    answers |= {MARK.format(number).replace("=good", "=quota"): "" for number in range(2, 20)}
    answers |= {MARK.format(20): ""}
    context, history = delivery(config, answers), History("dev", (entry(1, configs("a")),))
    for number in range(2, 20):
        history = store.append(context, history, entry(number, configs(f"m{number}"), "pending"))
        history = store.conclude(context, history, "quota")
    assert len(history.revisions) == KEPT + 1 and history.revisions[0].number == 1
    history = store.append(context, history, entry(20, configs("good"), "pending"))
    assert store.conclude(context, history, "good").numbers == [1, *range(11, 21)]


def test_the_good_one_that_a_person_can_go_back_to_is_kept_through_failures_and_ways_back():
    past = [entry(1, "a"), entry(2, "b"), entry(3, "c")]
    for number in range(4, 30, 2):
        past += [entry(number, f"m{number}", "crash-loop"), entry(number + 1, "c", restores=number - 1)]
    history = History("dev", tuple(past))
    kept = tuple(revision for revision in past if revision not in history.surplus())
    assert len(kept) == KEPT + 1
    assert History("dev", kept).previous().number == 2


def test_what_kustomize_generated_goes_with_the_last_revision_that_has_it(config):
    old, shared = "front-5h2m9kbb7c", "front-m9t4bcdfgh"
    first, second = entry(1, configs(old, shared, "plain")), entry(2, configs(shared))
    others = [entry(number, configs(shared, f"m{number}")) for number in range(3, KEPT + 2)]
    answers = {
        MARK.format(KEPT + 1): "",
        f"{KUBECTL} delete configmap/{old} --ignore-not-found --wait=false": "",
        f"{KUBECTL} delete secret aks-flow.revision.1 --ignore-not-found --wait=false": "",
    }
    context = delivery(config, answers)
    history = History("dev", (first, second, *others[:-1], replace(others[-1], verdict="pending")))
    assert store.conclude(context, history, "good").numbers == list(range(2, KEPT + 2))
    assert len(context.run.lines) == 3


def test_what_is_about_to_be_applied_is_written_down_without_a_verdict(config):
    context = delivery(config, {CREATE: ""})
    history = store.record(context, History("dev", (entry(1, "a"),)), plan(), {"b", "a"}, restores=1)
    last = history.last
    assert (last.number, last.verdict, last.created, last.restores) == (2, "pending", ("a", "b"), 1)
    assert last.same(MANIFEST) and last.manifest == MANIFEST and last.image == IMAGE


def test_a_verdict_that_is_written_down_already_is_not_written_again(config):
    history = History("dev", (entry(1, "a"),))
    assert store.conclude(delivery(config, {}), history, "good") is history
    context = delivery(config, {CONCLUDE.replace("=good", "=quota"): ""})
    concluded = replace(history.last, verdict="quota", concluded=MOMENT)
    assert store.conclude(context, history, "quota").last == concluded
