"""kubectl get --raw: what the API server answers to a GET: a watch, and an HTTP request to a Service."""

import re

from aks_flow.core.command import Command, Result, flags
from aks_flow.tools.kubectl import ANY, Kubectl


def watch(cluster: Kubectl, plural: str, api: str, seconds: int, name: str = "") -> Command:
    """Events of a kind's objects in the namespace, one JSON document a line: first what there is.

    ``api``: group/version, or v1 for the core kinds. ``name``: of one object, "" for all. The server ends
    it after ``seconds``.
    """
    only = f"&fieldSelector=metadata.name%3D{name}" if name else ""
    url = f"{objects_path(cluster.namespace, plural, api)}?watch=true&timeoutSeconds={seconds}{only}"
    return cluster.command("get", *flags(raw=url), reads=True)


def objects_path(namespace: str, plural: str, api: str) -> str:
    """Where the API has a namespace's objects of a kind; ``api`` as of `watch`."""
    root = f"/apis/{api}" if "/" in api else f"/api/{api}"
    return f"{root}/namespaces/{namespace}/{plural}"


def service_get(cluster: Kubectl, service: str, port: str, path: str, with_headers: bool = False) -> Command:
    """The body of an HTTP GET to a Service, through the API server's proxy: it needs no route to it.

    The response's status is in what it logs, for `parse_status`, and its headers too, if they are asked for,
    for `parse_header`. Any exit code if the status is not one of success.
    """
    url = f"{service_path(cluster, service, port)}{path}"
    return cluster.command("get", *flags(raw=url, v=8 if with_headers else 6), reads=True, ok=ANY)


def service_path(cluster: Kubectl, service: str, port: str) -> str:
    """Where the API server passes requests on to a Service's pods: a path of the app goes behind it."""
    return f"/api/v1/namespaces/{cluster.namespace}/services/http:{service}:{port}/proxy"


def date(cluster: Kubectl) -> Command:
    """A small question whose answer has the server's time in its headers, for `parse_header`."""
    return cluster.command("get", *flags(raw="/version", v=8), reads=True, ok=ANY)


def parse_header(answer: Result, name: str) -> str:
    """A header of a request made with --v=8, of several responses the last one's; "" if there was none.

    kubectl logs the headers indented, since v1.33 as one entry, before that as an entry each.
    """
    line = rf"^(?:\w+ .*round_trippers\.go:\d+\])?[ \t]+{re.escape(name)}: (.*)$"
    values = re.findall(line, answer.error_text, re.MULTILINE | re.IGNORECASE)
    return values[-1].strip() if values else ""


def parse_refusal(answer: Result) -> str:
    """The API server's own words on a failed request made with --v=6; "" if the app itself has answered.

    kubectl's `UnexpectedServerResponse` is an answer that is no Status of the API server.
    """
    last = (answer.error_text.strip().splitlines() or [""])[-1]
    words = re.fullmatch(r"Error from server(?: \(\w+\))?: (.*)|error: (?P<who>.* \(Unauthorized\))", last)
    if words and "UnexpectedServerResponse" not in answer.error_text:
        return words["who"] or words[1]
    return last if not parse_status(answer) else ""


def parse_status(answer: Result) -> int:
    """The HTTP status of a request made with --v=6, 0 if there was none; of redirects the last.

    kubectl logs `status="404 Not Found"` since v1.33, and `404 Not Found in 2 milliseconds` before.
    """
    statuses = re.findall(r'status="(\d{3})|\s(\d{3}) [A-Z][\w -]* in \d+ milliseconds', answer.error_text)
    return int("".join(statuses[-1])) if statuses else 0
