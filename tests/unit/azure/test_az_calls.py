"""Whatever builds a call of az has one among those that the end-to-end tests give to the real az."""

from aks_flow.core.command import Secret
from aks_flow.core.image_ref import ImageRef
from tests.e2e.azure import calls


def test_every_function_that_builds_an_az_call_is_held_against_the_real_az(plan_request, tmp_path):
    who = (Secret("token"), "client", "principal")
    original = ImageRef.parse("python:3.11")
    made = list(calls.calls(plan_request.az, plan_request.config, *who, tmp_path, original))
    missing = calls.builders() - {call.func for call in made} - set(calls.NOT_RUN)
    assert {calls.name(function) for function in missing} == set()
    assert {call().argv[0] for call in made} == {"az"}  # and its arguments are those that it takes
