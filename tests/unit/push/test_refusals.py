"""What the server says of an object that it refuses, without what nobody reads."""

import pytest

from aks_flow.core.command import Command, Result
from aks_flow.core.runner import CommandFailed
from aks_flow.push.refusal import Refused, in_words

GO = (
    'core.PodTemplateSpec{ObjectMeta:v1.ObjectMeta{Name:"", Labels:map[string]string{"a":"}{"}, '
    f"Annotations:map[string]string(nil)}}, Spec:core.PodSpec{{Containers:[]core.Container{{{'x' * 300}}}}}}}"
)
JSON = '{"metadata":{"labels":{"app":"a"}},"spec":{"containers":[{"name":"' + "x" * 300 + '"}]}}'
FIXED = "field is immutable"
SHORT = f'The Service "a" is invalid: spec.a: Invalid value: {{"matchLabels":{{"a":"b"}}}}: {FIXED}'
LIMIT = 'The Job "a" is invalid: spec.backoffLimit: must be'


ALONE, ONE_OF_SEVERAL = 'The Job "migrate"', 'Error from server (Invalid): Job.batch "migrate"'


@pytest.mark.parametrize("value", [GO, JSON], ids=["Go", "JSON"])
@pytest.mark.parametrize("job", [ALONE, ONE_OF_SEVERAL], ids=["alone", "one of several"])
def test_a_job_whose_pods_change_is_a_sentence_that_says_what_can_be_done(job, value):
    text = in_words(f"{job} is invalid: spec.template: Invalid value: {value}: {FIXED}")
    first, second = text.splitlines()
    assert first == f"{job} is invalid: spec.template: {FIXED}"
    assert second.startswith("job/migrate: ") and "another name" in second and "PreSync" in second


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ""),
        (SHORT, SHORT),
        (f"a: Invalid value: {GO}: {FIXED}, b: Invalid value: {JSON}: no", f"a: {FIXED}, b: no"),
        (f"a: Invalid value: {GO[:400]}", "a: "),
        (LIMIT, LIMIT),
    ],
    ids=["nothing", "a short value", "two values", "cut short", "another fault of a Job"],
)
def test_only_long_values_are_left_out(text, told):
    assert in_words(text) == told


def test_what_is_refused_comes_before_what_the_server_warns_of():
    """A warning may be the cause, as of a policy that only warns: it stays."""
    text = in_words(f"Warning: a is deprecated\n{ALONE} is invalid: spec.template: {FIXED}\nWarning: b\n")
    first = [line.partition(" ")[0] for line in text.splitlines()]
    assert first == ["The", "job/migrate:", "Warning:", "Warning:"]


UNCHECKED = {
    "a webhook that is away": "Error from server (InternalError): Internal error occurred: failed "
    "calling webhook "
    '"v.gatekeeper.sh": failed to call webhook: Post "https://g.svc:443/v1/admit": context deadline exceeded',
    "a slow store": "Error from server: etcdserver: request timed out",
    "a full disk here": "error: write /tmp/LIVE-1/v1.Namespace..vote-dev: no space left on device",
    "a folder that is gone": "error: mkdir /gone/LIVE-1: no such file or directory",
    "a sign-in that has run out": "error: You must be logged in to the server (Unauthorized)",
}
DENIED = (
    'Error from server (Forbidden): admission webhook "v.gatekeeper.sh" denied the request: [p] no limits'
)


@pytest.mark.parametrize("words", UNCHECKED.values(), ids=UNCHECKED)
def test_what_the_server_could_not_check_is_not_called_a_fault_of_the_manifests(words):
    text = str(Refused(_failure(words), "dev"))
    assert text.startswith("the cluster could not check the manifests of dev, and nothing was changed:")
    assert words in text and "Correct the manifest" not in text


def test_a_webhook_s_own_refusal_is_one():
    text = str(Refused(_failure(DENIED), "dev"))
    assert text.startswith("the cluster refuses the manifests of dev") and "Correct the manifest" in text


def _failure(words: str) -> CommandFailed:
    return CommandFailed(
        Command(("kubectl", "apply"), cluster=True, reads=True), Result(1, b"", words.encode())
    )
