"""Label and field selectors, as kubectl and objects write them."""

import pytest

from aks_flow.rehearsal.standins.kubernetes.apimachinery.selectors import Fields, Selector
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError

WEB = {"replicas": "3", "app": "web", "tier": "front", "example.com/track": "stable"}


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("", True),
        ("app=web", True),
        ("app==web,tier=front", True),
        ("app=api", False),
        ("app!=api", True),
        ("missing!=x", True),
        ("app in (web, api)", True),
        ("app in (api),tier=front", False),
        ("app notin (api)", True),
        ("missing notin (a,b)", True),
        ("app", True),
        ("!app", False),
        ("!missing", True),
        ("example.com/track in (stable,canary)", True),
        ("app=", False),
        ("app in (web,)", True),
        ("app in ()", False),
        ("replicas>1", True),
        ("replicas<1,app", False),
        ("app>1", False),
    ],
)
def test_a_label_selector_selects(text, matches):
    assert Selector.parse(text).matches(WEB) is matches


@pytest.mark.parametrize(
    "text", ["app in web", "=web", "app=a b", "app=web,", "a=b=c", "app in (", "-x=y", "a=$b"]
)
def test_a_malformed_label_selector_is_refused(text):
    with pytest.raises(StatusError) as refusal:
        Selector.parse(text)
    assert refusal.value.code == 400


def test_an_objects_selector_combines_labels_and_expressions():
    selector = Selector.from_object(
        {
            "matchLabels": {"app": "web"},
            "matchExpressions": [
                {"key": "tier", "operator": "In", "values": ["front", "back"]},
                {"key": "old", "operator": "DoesNotExist"},
            ],
        }
    )
    assert selector.matches(WEB)
    assert not selector.matches(WEB | {"old": "yes"})


def test_an_absent_selector_selects_nothing_and_an_empty_one_everything():
    assert not Selector.from_object(None).matches(WEB)
    assert Selector.from_object({}).matches({})


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("", True),
        ("metadata.name=web", True),
        ("metadata.name!=web", False),
        ("status.phase=Running,spec.hostNetwork=true", True),
        ("spec.nodeName=", True),
        ("status.replicas=2", True),
    ],
)
def test_a_field_selector_selects(text, matches):
    pod = {
        "metadata": {"name": "web"},
        "spec": {"hostNetwork": True},
        "status": {"phase": "Running", "replicas": 2},
    }
    assert Fields.parse(text).matches(pod) is matches


def test_a_malformed_field_selector_is_refused():
    with pytest.raises(StatusError) as refusal:
        Fields.parse("metadata.name")
    assert refusal.value.code == 400
