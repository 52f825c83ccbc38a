"""The figures' own cluster stands beside the rehearsal's, and a figure knows its bar."""

import json
from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from aks_flow.core.command import Result
from aks_flow.core.errors import AksFlowError
from aks_flow.core.steps import Silent, Steps
from aks_flow.rehearsal.scenarios.bench import cluster, edits, shown, verdicts
from aks_flow.rehearsal.scenarios.bench.by_hand import ByHand
from aks_flow.rehearsal.scenarios.bench.figure import Figure
from aks_flow.rehearsal.scenarios.bench.pairs import MeasuredPair
from aks_flow.rehearsal.tasks import bench
from aks_flow.rollout.verdict.troubles import RolloutTrouble
from aks_flow.rollout.verdict.verdict import RolloutVerdict
from aks_flow.rollout.watch.watch import Observation
from aks_flow.target.delivery import DeliveryContext
from tests.e2e.standin import configuration
from tests.unit.planned import Planned, Shelf


def test_a_cluster_beside_the_rehearsal_s_has_its_own_place_and_port_and_the_same_images(tmp_path):
    config = configuration(tmp_path / "rehearsal")
    own = cluster.beside(config, tmp_path / "own", 1234)
    assert (own.rehearsal.api_port, own.state.parent) == (1234, tmp_path / "own")
    assert own.images == config.images and own.rehearsal.azure_port == config.rehearsal.azure_port


@pytest.mark.parametrize("reason", ["", "crash-loop"])
def test_how_soon_another_verdict_comes_is_no_figure_of_a_fault(config, monkeypatch, reason):
    trouble = RolloutTrouble("crash-loop", "deployment/web", "it ended")
    seen = RolloutVerdict("bad", (trouble,)) if reason else RolloutVerdict("good")
    monkeypatch.setattr(verdicts.watch, "watch", lambda *_: Observation(seen, None))
    bench = verdicts._Bench(DeliveryContext(Planned({}), None, config, Steps(Silent())))
    bench._judge(None, 1, reason)
    with pytest.raises(AksFlowError, match=f"the verdict is {reason or 'good'} in place of quota"):
        bench._judge(None, 1, "quota")


@pytest.mark.parametrize(("bar", "met"), [(2, True), (1.9, False), (None, True)])
def test_a_bar_is_met_by_the_median(bar, met):
    assert Figure("f", "s", bar, [1, 2, 9]).met is met


@pytest.mark.parametrize(("unit", "fails"), [("s", False), ("x", True), ("", True), ("MB", True)])
def test_a_bench_fails_for_ratios_and_counts_not_for_seconds(config, monkeypatch, capsys, unit, fails):
    """Seconds are the machine's, and whatever else it does."""
    figures = [Figure("slow", unit, 1, [2]), Figure("fast", unit, 1, [1])]
    monkeypatch.setattr(bench.settings, "config", lambda _: config)
    monkeypatch.setattr(bench.turns, "turn", lambda *_: nullcontext())
    monkeypatch.setattr(bench.prepare, "stand_ins", lambda *_: None)
    monkeypatch.setattr(bench.bench, "measure", lambda *_: figures)
    refused = pytest.raises(AksFlowError, match="miss their limit: slow") if fails else nullcontext()
    with refused:
        bench.bench_task(None, json=True)
    told = capsys.readouterr()
    assert [row["met"] for row in json.loads(told.out)["figures"]] == [False, True]
    assert told.err.splitlines() == [f"slow: 2 {unit}", f"fast: 1 {unit}"]


def test_a_fault_is_brought_once_the_pods_of_the_one_before_are_gone(config, monkeypatch):
    """Where pods are about to go, one that lacks room is given more time."""
    stays, goes = (
        {"kind": "Pod", "metadata": {"name": "p", **more}} for more in ({}, {"deletionTimestamp": "now"})
    )
    done, looks = [], [[goes, stays], [stays]]
    timed = verdicts._Bench(DeliveryContext(Planned({}), None, config, Steps(Silent())))
    monkeypatch.setattr(timed, "_judge", lambda *_: None)
    monkeypatch.setattr(timed, "_apply", lambda fields: done.append("fault" if fields else "good"))

    def run(command):
        done.append("look")
        return Result(0, json.dumps({"kind": "List", "items": looks.pop(0)}).encode(), b"")

    monkeypatch.setattr(timed._run, "run", run)
    timed._time(verdicts.Case("x", verdicts.faults.NO_ROOM, 1), lambda _: done.append("wait"))
    assert done == ["good", "look", "look", "fault", "wait"]


def test_the_manifest_that_is_edited_has_the_image(config):
    changed = edits.set_web(edits.MANIFEST, "here")
    assert str(edits.IMAGE) in changed and changed.count("\n") == edits.MANIFEST.count("\n")


def test_a_pair_is_judged_by_its_ratio_turn_by_turn():
    pair = MeasuredPair("push", 1.5, "by hand", extra=2, tasks=[6, 8], hands=[2, 6])
    ratio, ours, theirs = pair.figures
    assert (ratio.name, ratio.bar, ratio.samples) == ("push / by hand and 2 s", 1.5, [1.5, 1])
    assert ratio.met
    assert (ours.samples, theirs.samples) == ([6, 8], [2, 6]) and ours.bar is theirs.bar is None


def test_both_sides_of_a_pair_are_done_in_turns():
    done = []
    pair = MeasuredPair("push", 1, "by hand")
    for _ in range(2):
        pair.sample(lambda: done.append("task"), lambda: done.append("hand"))
    assert done == ["task", "hand"] * 2 and len(pair.tasks) == len(pair.hands) == 2


def test_a_shown_push_and_one_that_is_not_are_done_in_turns(config, monkeypatch):
    """Shown, its steps are told to the page."""
    bare = DeliveryContext(Planned({}), None, config, Steps(Silent()))

    def deliver_change(context, repo):
        return SimpleNamespace(seconds=4.1 if context.steps is not bare.steps else 4.0)

    monkeypatch.setattr(shown.workspace, "clone", lambda *_: None)
    monkeypatch.setattr(shown.push_path, "deliver", lambda *_: None)
    monkeypatch.setattr(shown.push_path, "deliver_change", deliver_change)
    monkeypatch.setattr(shown.live, "shown", lambda *_: nullcontext(Silent()))
    ratio, *sides = shown.measure(bare, 2)
    assert [side.samples for side in sides] == [[4.1] * 2, [4.0] * 2]
    assert ratio.met and ratio.median == pytest.approx(1.025)


def test_the_image_built_by_hand_gets_what_the_task_gives_it(config, tmp_path):
    run = Planned({})
    hand = ByHand(DeliveryContext(run, Shelf(run), config, Steps(Silent())), tmp_path)
    with pytest.raises(AssertionError, match="docker build"):
        hand.push("1")
    [line] = run.lines
    assert "--build-arg=PYTHON_IMAGE=" in line and line.endswith(f"{tmp_path}/app")
