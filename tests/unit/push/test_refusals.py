"""What the server says of an object that it refuses, without what nobody reads."""

import pytest

from aks_flow.push.outcome import in_words

GO = (
    'core.PodTemplateSpec{ObjectMeta:v1.ObjectMeta{Name:"", Labels:map[string]string{"a":"}{"}, '
    f"Annotations:map[string]string(nil)}}, Spec:core.PodSpec{{Containers:[]core.Container{{{'x' * 300}}}}}}}"
)
JSON = '{"metadata":{"labels":{"app":"a"}},"spec":{"containers":[{"name":"' + "x" * 300 + '"}]}}'
FIXED = "field is immutable"
SHORT = f'The Service "a" is invalid: spec.a: Invalid value: {{"matchLabels":{{"a":"b"}}}}: {FIXED}'
LIMIT = 'The Job "a" is invalid: spec.backoffLimit: must be'


@pytest.mark.parametrize("value", [GO, JSON], ids=["Go", "JSON"])
def test_a_job_whose_pods_change_is_a_sentence_that_says_what_can_be_done(value):
    text = in_words(f'The Job "migrate" is invalid: spec.template: Invalid value: {value}: {FIXED}')
    first, second = text.splitlines()
    assert first == f'The Job "migrate" is invalid: spec.template: {FIXED}'
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
