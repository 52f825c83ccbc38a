"""The picture of a trace: what bars are called, which are joined, and that no two of a lane touch."""

import re

import pytest

from dev import trace_picture
from dev.trace_picture import Bar, BarPlace, joined, lanes, short


def event(name: str, kind: str, began: float, seconds: float, thread: int = 1) -> dict:
    times = {"ts": began * 1e6, "dur": seconds * 1e6}
    return {"ph": "X", "name": name, "cat": kind, "tid": thread, **times}


def title(thread: int, name: str) -> dict:
    return {"ph": "M", "name": "thread_name", "tid": thread, "args": {"name": name}}


@pytest.mark.parametrize(
    ("name", "kind", "called"),
    [
        ("git -C /srv/vote rev-parse --verify HEAD^", "command", "git rev-parse HEAD^"),
        ("/opt/bin/kubectl --namespace=x get secrets --output=json", "command", "kubectl get secrets"),
        ("kubectl get '--raw=/api/v1/namespaces/x/pods?watch=true&a=1'", "command", "watch pods"),
        (
            "kubectl get --raw=/api/v1/services/http:x:http/proxy/version --v=6",
            "command",
            "kubectl get version",
        ),
        ("docker push --quiet localhost:5050/front:tree-1", "command", "docker push"),
        ("HEAD localhost:5050/v2/front/manifests/1.2.3", "request", "HEAD manifests/1.2.3"),
        ("Python, Invoke and this program's modules", "start-up", "Python, Invoke and this program's…"),
    ],
)
def test_a_bar_is_called_without_options_and_paths(name, kind, called):
    assert short(name, kind) == called


def test_short_calls_of_one_program_that_follow_each_other_are_one_bar():
    calls = [Bar(f"git {number}", "command", number, number + 0.5) for number in range(3)]
    long, other = Bar("git fetch", "command", 4, 9), Bar("docker build", "command", 9.1, 9.2)
    asked = [Bar("HEAD a", "request", 10, 10.1), Bar("GET a", "request", 10.2, 10.3)]
    found = list(joined([*calls, long, other, *asked], least=1))
    assert [bar.label for bar in found] == ["3 git calls", "git fetch", "docker build", "2 requests"]
    assert (found[0].began, found[0].ended) == (0, 2.5)


def test_bars_of_a_lane_do_not_touch_and_neither_do_their_labels():
    bars = [Bar("kubectl get secrets", "command", number / 10, number / 10 + 0.3) for number in range(100)]
    placed = lanes(bars, scale=100)
    assert sorted(bar.began for lane in placed for bar in lane) == [bar.began for bar in bars]
    for lane in placed:
        places = sorted((BarPlace.of(bar, 100) for bar in lane), key=lambda place: place.left)
        assert all(one.right < other.left for one, other in zip(places, places[1:], strict=False))


def test_a_label_is_in_its_bar_or_behind_it_or_before_it_at_the_right_edge():
    inside, behind, before = (
        BarPlace.of(Bar("kubectl", "command", *times), 100) for times in ((0, 2), (0, 0.1), (9.9, 10))
    )
    assert inside.right == 200 and behind.right > 10 and behind.text > 10
    assert before.before and before.right == 1000 and before.left < before.text < 990


def test_the_picture_has_the_steps_first_and_is_told_in_words_too():
    trace = {
        "traceEvents": [
            title(1, "thread 1"),
            title(0, "steps"),
            event("build", "step", 0, 2, thread=0),
            event("docker build --tag=<x> .", "command", 0, 1.5),
        ]
    }
    drawn = trace_picture.picture(trace)
    assert re.findall(r">(steps|thread 1|build|docker build \.)</text>", drawn) == [
        *("steps", "build", "thread 1", "docker build .")
    ]
    assert "<title>docker build .: 1.50 s</title>" in drawn and 'aria-label="A push' in drawn
