"""A workflow started by hand takes the inputs that its file declares."""

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.standins.github.dispatch import dispatch

PROMOTE = """\
on:
  workflow_dispatch:
    inputs:
      source: {type: choice, options: [dev, staging], default: staging}
      version: {type: string, required: true}
      propose: {type: boolean, default: false}
jobs: {a: {runs-on: ubuntu-latest, steps: [{run: ./inv lint}]}}
"""


@pytest.fixture
def hub(remote):
    remote.workflow(PROMOTE, ".github/workflows/promote.yml")
    remote.push("develop")
    return remote.hub


@pytest.mark.parametrize("name", ["promote", "promote.yml"])
def test_given_and_default_inputs_reach_the_run(hub, name):
    run = dispatch(hub, name, "develop", {"version": "1.0.0"})
    assert run.event.inputs == {"source": "staging", "version": "1.0.0", "propose": "false"}
    assert run.event.ref == "refs/heads/develop"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"version": "1", "source": "moon"}, "'moon' is no choice for the input 'source'.*dev, staging"),
        ({"source": "dev"}, "the input 'version' is required"),
        ({"version": "1", "target": "x"}, "there is no input 'target'.*source, version"),
        ({"version": "1", "propose": "yes"}, "'yes' is no choice for the input 'propose'.*true, false"),
    ],
)
def test_inputs_that_the_form_would_refuse_are_refused(hub, given, words):
    with pytest.raises(AksFlowError, match=f"(?s){words}"):
        dispatch(hub, "promote", "develop", given)


def test_a_workflow_without_a_form_cannot_be_started(hub):
    with pytest.raises(AksFlowError, match="cannot be started by hand"):
        dispatch(hub, "ci", "develop", {})


def test_a_file_that_is_not_there_is_named(hub):
    with pytest.raises(AksFlowError, match=r"there is no .github/workflows/nothing.yml"):
        dispatch(hub, "nothing", "develop", {})
