"""What the steps say is written down as events, and becomes a report."""

import json
import threading
from dataclasses import asdict

import pytest

from aks_flow.core.steps import Silent, Steps, Together
from aks_flow.rehearsal.show import recording, summary
from aks_flow.rehearsal.show.page import show_page, ways
from aks_flow.rehearsal.show.pods import PodStates
from aks_flow.rehearsal.show.recording import LONGEST, StepRecorder
from tests.unit.environments.test_page import HOSTILE, LONG, Elements
from tests.unit.rehearsal.show.played import NEW, OLD, events


@pytest.fixture
def file(tmp_path):
    return tmp_path / "events.jsonl"


def written(file) -> list[dict]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_the_page_is_told_what_the_terminal_is_told(file):
    recorder = StepRecorder(file)
    steps = Steps(Together(Silent(), recorder))
    recorder.part("Push: develop to dev, with kubectl")
    with steps("build") as step:
        steps.progress(step, "waiting")
        step.note = "built"
    part, *told = written(file)
    assert (part["title"], part["lane"]) == ("Push: develop to dev, with kubectl", "push")
    assert [(event["state"], event["note"]) for event in told] == [
        ("running", ""),
        ("running", "waiting"),
        ("done", "built"),
    ]
    assert told[-1]["seconds"] == steps.done[0].seconds


def test_a_step_that_raises_has_failed(file):
    steps = Steps(StepRecorder(file))
    with pytest.raises(ValueError), steps("apply"):
        raise ValueError
    assert written(file)[-1]["state"] == "failed"


def test_a_task_s_own_steps_follow_it_as_its_document_has_them(file):
    ended = Steps(Silent())
    with ended("plan") as step:
        step.note = "2 objects differ"
    with pytest.raises(ValueError), ended("rollout"):
        raise ValueError
    recorder = StepRecorder(file)
    steps = Steps(recorder)
    recorder.part("push: crash-loop")
    with steps("push: crash-loop"):
        recorder.tell(json.loads(json.dumps([asdict(step) for step in ended.done])))
    told = written(file)[1:]
    assert [(event["name"], event["state"]) for event in told] == [
        ("push: crash-loop", "running"),
        ("plan", "done"),
        ("rollout", "failed"),
        ("push: crash-loop", "done"),
    ]
    assert len({event["id"] for event in told}) == 3
    assert {event["lane"] for event in told} == {"push"}


@pytest.mark.parametrize(
    ("title", "lane"),
    [
        ("Pull: a change, under load", "pull"),
        ("GitFlow, delivered by push: …", "push"),
        ("The stand-ins", ""),
    ],
)
def test_a_part_belongs_to_the_path_that_its_title_names(file, title, lane):
    StepRecorder(file).part(title)
    assert written(file)[0]["lane"] == lane


def test_a_long_note_is_shortened(file):
    with Steps(StepRecorder(file))("build") as step:
        step.note = LONG
    assert len(written(file)[-1]["note"]) == LONGEST


def test_many_writers_never_mix(file):
    def write():
        for _ in range(200):
            recording.append(file, "load", environment="dev", versions={"1.0": 50}, failed=0)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(written(file)) == 800


def test_a_line_that_a_kill_has_cut_off_is_left_out():
    assert summary.read(['{"at": 1, "kind": "begin"}', '{"at": 2, "ki']) == [{"at": 1, "kind": "begin"}]


def test_the_document_has_what_happened():
    document = summary.as_document(events())
    assert (document["outcome"], document["project"]) == ("done", "vote")
    assert {step["lane"] for step in document["steps"]} == {"push", "pull"}
    assert set(document["requests"]["dev"]["versions"]) == {OLD, NEW}
    assert document["requests"]["dev"]["failed"] == 0
    assert {pod["environment"] for pod in document["pods"]} == {"dev", "staging"}


@pytest.mark.parametrize("count", range(0, 60, 7))
def test_a_run_that_was_killed_has_a_report_of_what_was(count):
    cut = events()[:count]
    assert summary.as_document(cut)["outcome"] == "killed"
    assert "<main>" in summary.as_page(cut)


def test_the_report_shows_the_steps_without_a_script_too():
    page = summary.as_page(events())
    assert f"<td>{NEW}, to be built</td>" in page.partition("<tbody")[2].partition("</tbody>")[0]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_from_outside_is_neither_an_element_nor_the_end_of_the_data(text):
    seen, plain = Elements(summary.as_page(events(text))), Elements(summary.as_page(events()))
    assert (seen.names, seen.attributes, seen.open) == (plain.names, plain.attributes, [])


def test_the_page_asks_no_other_host_for_anything():
    page = show_page("vote")
    assert "<script src" not in page and '<link rel="stylesheet' not in page and "@import" not in page


def test_every_place_has_a_name_and_no_step_has_two():
    for way in ways().values():
        steps = [step for place in way for step in place["steps"]]
        assert len(steps) == len(set(steps)) and all(place["title"] and place["idle"] for place in way)


def pod(image: str, ready: bool = True, **metadata) -> dict:
    conditions = [{"type": "Ready", "status": "True" if ready else "False"}]
    spec = {"containers": [{"name": "web", "image": image}]}
    return {"metadata": {"name": "web-1", **metadata}, "spec": spec, "status": {"conditions": conditions}}


def test_a_pod_is_told_once_for_each_of_its_states(file):
    tell, image = PodStates(file, "dev", "host/front"), "host/front:1.0"
    changes = [("ADDED", pod(image, False)), ("MODIFIED", pod(image)), ("MODIFIED", pod(image))]
    changes += [("MODIFIED", pod(image, deletionTimestamp="2026-01-01T00:00:00Z")), ("DELETED", pod(image))]
    for change, item in [*changes, ("ADDED", pod("host/other:1.0")), ("ADDED", pod("UPPER:"))]:
        tell(json.dumps({"type": change, "object": item}).encode())
    tell(b'{"type": "BOOKMARK", "object": {"metadata": {}}}')
    assert [event["state"] for event in written(file)] == ["starting", "ready", "ending", "gone"]
