"""A request that is wrong gets a Status that says why, never a traceback."""

import pytest

from tests.unit.rehearsal.standins.kubernetes.conftest import TOKEN

CONFIG_MAPS = "/api/v1/namespaces/default/configmaps"
CONFIG_MAP = {"metadata": {"name": "a"}, "data": {"k": "v"}}


@pytest.mark.parametrize("header", ["", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x"])
@pytest.mark.parametrize("path", ["/version", "/readyz", "/api", "/openapi/v3", CONFIG_MAPS, "/nowhere"])
def test_nothing_answers_without_the_token(server, path, header):
    answer = server.call("GET", path, authorization=header)
    assert answer.status == 401
    assert answer.body == {
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": "Unauthorized", "reason": "Unauthorized", "code": 401,
    }  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/api/v2/pods",
        "/api/v1/nosuch",
        "/apis/nosuch/v1",
        "/apis/nosuch",
        "/apis/apps/v1/pods",
        "/api/v1/pods/web",
        "/api/v1/namespaces/default/nodes",
        "/api/v1/namespaces/default/pods/web/nosuch",
        "/api/v1/namespaces/default/configmaps/a/status",
        "/openapi/v3/apis/nosuch/v1",
    ],
)
def test_an_unknown_path_is_not_found(server, path):
    answer = server.call("GET", path)
    assert (answer.status, answer.body["reason"]) == (404, "NotFound")
    assert answer.body["message"] == "the server could not find the requested resource"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", CONFIG_MAPS),
        ("POST", f"{CONFIG_MAPS}/a"),
        ("POST", "/api/v1/configmaps"),
        ("POST", "/version"),
        ("GET", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"),
    ],
)
def test_a_method_that_is_not_offered_is_refused(server, method, path):
    answer = server.call(method, path, {})
    assert (answer.status, answer.body["reason"]) == (405, "MethodNotAllowed")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{", "json parse error"),
        ("", "json parse error"),
        ("[]", "cannot unmarshal"),
        ('"text"', "cannot unmarshal"),
        ("[" * 100_000, "json parse error"),
        ("\udcff".encode(errors="surrogateescape"), "json parse error"),
        ('{"metadata": []}', "metadata is not an object"),
        ({"kind": "Secret", "metadata": {"name": "a"}}, "cannot be handled as a ConfigMap"),
        ({"apiVersion": "v2", "metadata": {"name": "a"}}, "does not match the expected API version (v1)"),
        (
            {"metadata": {"name": "a", "namespace": "other"}},
            "does not match the namespace sent on the request",
        ),
        ({"metadata": {"name": "a", "resourceVersion": "1"}}, "resourceVersion should not be set"),
    ],
)
def test_a_malformed_object_is_a_bad_request(server, body, words):
    answer = server.call("POST", CONFIG_MAPS, body)
    assert (answer.status, answer.body["reason"]) == (400, "BadRequest")
    assert words in answer.body["message"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"metadata": {"name": "b"}}, "the name of the object (b) does not match the name on the URL (a)"),
        (
            {"metadata": {"name": "a", "namespace": "b"}},
            "does not match the namespace on the request (default)",
        ),
    ],
)
def test_an_object_belongs_to_its_address(server, body, words):
    server.call("POST", CONFIG_MAPS, CONFIG_MAP)
    answer = server.call("PUT", f"{CONFIG_MAPS}/a", body)
    assert answer.status == 400
    assert words in answer.body["message"]


def test_an_unknown_content_type_is_not_supported(server):
    answer = server.call("POST", CONFIG_MAPS, "a=b", content_type="application/x-www-form-urlencoded")
    assert (answer.status, answer.body["reason"]) == (415, "UnsupportedMediaType")


def test_a_body_that_is_too_large_is_refused(server):
    huge = CONFIG_MAP | {"data": {"k": "x" * (3 * 1024 * 1024)}}
    answer = server.call("POST", CONFIG_MAPS, huge)
    assert (answer.status, answer.body["reason"]) == (413, "RequestEntityTooLarge")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("labelSelector=a+in+b", 400),
        ("fieldSelector=metadata.name", 400),
        ("fieldSelector=spec.nosuch=1", 400),
        ("limit=many", 400),
        ("limit=-1", 400),
        ("continue=nonsense", 400),
        ("resourceVersion=abc", 400),
        ("resourceVersion=999999", 504),
        ("resourceVersionMatch=Exact", 422),
        ("resourceVersionMatch=Sideways&resourceVersion=1", 422),
        ("sendInitialEvents=true", 422),
        ("watch=true&sendInitialEvents=true", 422),
        ("watch=true&timeoutSeconds=soon", 400),
    ],
)
def test_a_bad_list_option_is_refused(server, query, code):
    answer = server.call("GET", f"{CONFIG_MAPS}?{query}")
    assert answer.status == code
    assert answer.body["kind"] == "Status"


@pytest.mark.parametrize("query", ["dryRun=Some", "fieldValidation=Maybe", f"fieldManager={'x' * 129}"])
def test_a_bad_write_option_is_refused(server, query):
    assert server.call("POST", f"{CONFIG_MAPS}?{query}", CONFIG_MAP).status == 422


@pytest.mark.parametrize(
    "options",
    [
        "{",
        "[]",
        {"propagationPolicy": "Sideways"},
        {"gracePeriodSeconds": "long"},
        {"preconditions": {"uid": "x"}},
    ],
)
def test_a_bad_delete_option_is_refused_and_deletes_nothing(server, options):
    server.call("POST", CONFIG_MAPS, CONFIG_MAP)
    assert server.call("DELETE", f"{CONFIG_MAPS}/a", options).status in (400, 409)
    assert server.call("GET", f"{CONFIG_MAPS}/a").status == 200


def test_a_form_that_is_not_offered_is_not_acceptable(server):
    assert server.call("GET", CONFIG_MAPS, accept="text/html").status == 406


@pytest.mark.parametrize("name", ["..", "%2e%2e", "a%2fb", "a%00b", "%ff", "a b"])
def test_a_strange_name_is_only_a_name(server, name):
    answer = server.call("GET", f"{CONFIG_MAPS}/{name}")
    assert answer.status in (200, 404)


def test_a_field_given_twice_is_refused_if_fields_are_validated_strictly(server):
    text = '{"metadata":{"name":"a","labels":{"x":"1","x":"2"}},"data":{"k":"v"},"data":{"k":"w"}}'
    answer = server.call("POST", f"{CONFIG_MAPS}?fieldValidation=Strict", text)
    assert answer.status == 400
    assert answer.body["message"].endswith(
        'strict decoding error: duplicate field "metadata.labels.x", duplicate field "data"'
    )


def test_a_field_given_twice_is_warned_of_otherwise(server):
    answer = server.call("POST", CONFIG_MAPS, '{"metadata":{"name":"a"},"data":{"k":"v"},"data":{"k":"w"}}')
    assert (answer.status, answer.body["data"]) == (201, {"k": "w"})
    assert answer.headers["Warning"] == '299 - "duplicate field \\"data\\""'


TWICE = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  k: v\n  k: w\n"
TWICE_TEXT = 'yaml: unmarshal errors:\n  line 6: key "k" already set in map'


def test_a_key_given_twice_in_yaml_is_refused_with_its_line(server):
    strict = "fieldValidation=Strict"
    answer = server.call("POST", f"{CONFIG_MAPS}?{strict}", TWICE, content_type="application/yaml")
    assert answer.status == 400
    assert answer.body["message"].endswith(f"strict decoding error: {TWICE_TEXT}")
    path, applied = f"{CONFIG_MAPS}/a?fieldManager=me", "application/apply-patch+yaml"
    answer = server.call("PATCH", f"{path}&{strict}", TWICE, content_type=applied)
    text = f"error strict decoding YAML: error converting YAML to JSON: {TWICE_TEXT}"
    assert (answer.status, answer.body["message"]) == (400, text)
    answer = server.call("PATCH", path, TWICE, content_type=applied)
    assert (answer.status, answer.body["data"]) == (201, {"k": "w"})
    assert 'line 6: key \\"k\\" already set in map' in answer.headers["Warning"]


@pytest.mark.parametrize("character", ["\x00", "\x07", "\r", "\n", "\x7f", "\x85", "\ud800"])
def test_a_warning_about_a_strange_field_is_still_a_header(server, character):
    answer = server.call("POST", CONFIG_MAPS, {"metadata": {"name": "a"}, f"a{character}b": 1})
    assert (answer.status, answer.headers["Warning"]) == (201, '299 - "unknown field \\"a b\\""')
