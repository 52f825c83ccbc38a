"""HTTP requests to a contract's Service through the API server: no route to its address is needed."""

import re

from aks_flow.core.command import Result
from aks_flow.core.config.contract import Contract
from aks_flow.core.runner import Runner
from aks_flow.tools.kubectl import Kubectl, raw

_LONGEST = 160  # characters of what a server says


def get(run: Runner, cluster: Kubectl, contract: Contract, path: str, with_headers: bool = False) -> Result:
    """The answer to a GET, with its status for `status_of`, and with its headers if they are asked for."""
    return run.run(raw.service_get(cluster, contract.service, contract.port, path, with_headers))


def described(contract: Contract, path: str) -> str:
    """``GET /version through service/api port http``."""
    port = f" port {contract.port}" if contract.port else ""
    return f"GET {path} through service/{contract.service}{port}"


def status_of(answer: Result) -> str:
    """``404``, with the API server's words if it is that which refuses; or that there was no answer."""
    status, words = raw.parse_status(answer), shortened(raw.parse_refusal(answer))
    if status:
        return f"{status}, {words}" if words else str(status)
    return f"no answer, {words}" if words else "no answer"


def shortened(text: str) -> str:
    """A text on one line, and not all of a long one."""
    return re.sub(r"\s+", " ", text).strip()[:_LONGEST]
