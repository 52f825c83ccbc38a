"""What kubectl prints when no server answers, and what is a server's own word."""

import pytest

from aks_flow.core import silence
from aks_flow.core.command import Command, Result
from aks_flow.core.runner import CommandFailed

GET = "https://10.0.0.1:6443/api/v1/namespaces/shop/pods"
LOST = {
    "a port that nobody listens on": "The connection to the server 10.0.0.1:6443 was refused - "
    "did you specify the right host or port?",
    "a name": "Unable to connect to the server: dial tcp: lookup api.example on 10.0.0.53:53: no such host",
    "a slow network": "Unable to connect to the server: net/http: TLS handshake timeout",
    "a request that was cut": f'error: error when retrieving current configuration of:\nGet "{GET}": EOF',
    "a body that was cut": f'Get "{GET}": unexpected EOF',
    "a reset": f'error when patching "STDIN": Patch "{GET}": read: connection reset by peer',
    "a schema that was not read": 'error: error validating "STDIN": failed to download openapi: Get '
    '"https://10.0.0.1:6443/openapi/v2": dial tcp 10.0.0.1:6443: connect: connection refused',
    "an idle connection": f'Get "{GET}": http2: client connection lost',
    "a server that ends": f'Patch "{GET}": http2: server sent GOAWAY and closed the connection; '
    f"LastStreamID=89, "
    'ErrCode=NO_ERROR, debug=""',
    "a cut stream": f'Get "{GET}": stream error: stream ID 5; INTERNAL_ERROR; received from peer',
    "kinds that were not read": "E1130 20:38:58.860930 1 memcache.go:381] \"Couldn't get current server API "
    'group list" err="Get \\"https://10.0.0.1:6443/api?timeout=32s\\": net/http: TLS handshake timeout"\n'
    'error: the server doesn\'t have a resource type "applications" in group "argoproj.io"',
}
BUSY = {
    "a full server": "Error from server (TooManyRequests): the server has received too many requests",
    "a server that starts": "Error from server (ServiceUnavailable): the server is currently unable to "
    "handle the request",
    "an election": "Error from server: etcdserver: leader changed",
    "a slow store": "Error from server: etcdserver: request timed out",
    "a store that lost its peers": "Error from server: etcdserver: request timed out, possibly due to "
    "connection lost",
    "a store without a leader": "Error from server: etcdserver: no leader",
    "a slow answer": "Error from server (Timeout): the server was unable to return a response in the "
    "time allotted, "
    "but may still be processing the request (get replicasets.apps)",
    "something in front of the server": "Error from server (InternalError): an error on the server "
    '("<html>\\r\\n<head><title>502 Bad Gateway</title></head>") has prevented the request from '
    "succeeding (get pods)",
    "a server that begins": 'Error from server (InternalError): an error on the server ("[+]ping ok\\n'
    'livez check failed") has prevented the request from succeeding',
    "a sign-in that has run out": "error: You must be logged in to the server (Unauthorized)",
    "a server that cannot ask who it is": "error: You must be logged in to the server (the server has "
    "asked for the "
    "client to provide credentials (get pods))",
}
ANSWERED = {
    "a quota": 'Error from server (Forbidden): services "b" is forbidden: exceeded quota: small',
    "a webhook that is away": "Error from server (InternalError): error when creating: failed calling "
    "webhook: dial tcp 10.0.0.7:443: connect: connection refused",
    "a pod that is away": "Error from server (ServiceUnavailable): error trying to reach service: dial tcp: "
    "i/o timeout",
    "no endpoint": 'Error from server (ServiceUnavailable): no endpoints available for service "front"',
    "a log of what the server said": "I1129 05:12:26.000000 1 helpers.go:246] dial: connection refused\n"
    "Error from server (ServiceUnavailable): no",
    "a kind that is not there": 'error: the server doesn\'t have a resource type "widgets"',
    "kinds that were read at the second try": "E1130 20:38:58.860930 1 memcache.go:381] \"Couldn't get "
    'current server API group list" err="TLS handshake timeout"\n'
    'Error from server (NotFound): pods "b" not found',
    "an invalid object": 'The Service "b" is invalid: spec.ports[0].nodePort: port is already allocated',
}


def failed(words: str) -> Result:
    return Result(1, b"", words.encode())


@pytest.mark.parametrize("words", LOST.values(), ids=LOST)
def test_a_connection_that_failed_is_no_answer(words):
    assert silence.is_lost(failed(words)) and not silence.is_busy(failed(words))


@pytest.mark.parametrize("words", BUSY.values(), ids=BUSY)
def test_a_server_that_asks_to_come_again_is_busy_and_not_lost(words):
    assert silence.is_busy(failed(words)) and not silence.is_lost(failed(words))


@pytest.mark.parametrize("words", ANSWERED.values(), ids=ANSWERED)
def test_a_refusal_is_an_answer_whatever_it_quotes(words):
    assert not silence.is_busy(failed(words)) and not silence.is_lost(failed(words))


def test_what_worked_was_answered_whatever_it_printed():
    assert not silence.is_lost(Result(0, b"", LOST["a name"].encode()))


@pytest.mark.parametrize("words", [LOST["a name"], BUSY["an election"]])
def test_a_failure_says_whether_it_was_one_of_the_cluster_s_silence(words):
    assert CommandFailed(Command(("kubectl",), cluster=True), failed(words)).unanswered
    assert not CommandFailed(Command(("git",)), failed(words)).unanswered
