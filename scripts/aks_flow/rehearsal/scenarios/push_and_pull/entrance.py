"""The way to the app that a scenario's requests take; none needs a route to a pod's address."""

import http.client
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass

from aks_flow.core.config import Config
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.process.processes import Process
from aks_flow.rollout import app_version
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import proxy, raw

API_PROXY = "kubectl-proxy"  # the process
_ANSWERS_WITHIN = 60  # seconds: kubectl may have to ask for its credentials first
_LOOPBACK = "127.0.0.1"
_ENVIRONMENT = "{environment}"


@dataclass(frozen=True)
class Entrance:
    """url: where the app's paths begin. address: for a person, "" if it is none."""

    url: str
    address: str = ""


@contextmanager
def opened(context: DeliveryContext, environment: str, direct: bool) -> Iterator[Entrance | None]:
    """A way to the contract's Service, for as long as the block lasts; None if the project names none.

    It leads through the cluster's API, by `kubectl proxy`; or, if it is to be ``direct``, the address
    that the Service has on this machine, if it has one.
    """
    service = context.config.contract.service
    if not service:
        yield None
        return
    address = _own_address(context, environment) if direct else ""
    with nullcontext(Entrance(address, address)) if address else _through_api(context, environment) as way:
        yield way


def configured_url(config: Config, environment: str) -> str:
    """The URL that `rehearsal.load` names for an environment, "" if that is a path or nothing."""
    load = config.rehearsal.load
    return "" if load.startswith("/") else load.replace(_ENVIRONMENT, environment)


def _own_address(context: DeliveryContext, environment: str) -> str:
    address = app_version.url(context.run, context.cluster(environment), context.config.contract.service)
    return address if address.startswith(f"http://{_LOOPBACK}") else ""


@contextmanager
def _through_api(context: DeliveryContext, environment: str) -> Iterator[Entrance]:
    cluster, contract = context.cluster(environment), context.config.contract
    process = Process(API_PROXY, context.config.state)
    process.stop()
    process.log.unlink(missing_ok=True)
    process.start(Local(), proxy.serve(cluster, contract.service, contract.port))
    try:
        path = raw.service_path(cluster, contract.service, contract.port)
        process.ready(lambda: _answers(_port(process), path), "an answer of kubectl proxy", _ANSWERS_WITHIN)
        yield Entrance(f"http://{_LOOPBACK}:{_port(process)}{path}")
    finally:
        process.stop()


def _port(process: Process) -> int | None:
    return proxy.parse_port(process.log.read_text(errors="replace")) if process.log.is_file() else None


def _answers(port: int | None, path: str) -> bool:
    """Whether the app, or the cluster in its place, says anything.

    The first request waits for kubectl's credentials, and so would all that come meanwhile.
    """
    if port:
        connection = http.client.HTTPConnection(_LOOPBACK, port, timeout=_ANSWERS_WITHIN)
        with closing(connection), suppress(OSError, http.client.HTTPException):
            connection.request("GET", f"{path}/")
            return bool(connection.getresponse().status)
    return False
