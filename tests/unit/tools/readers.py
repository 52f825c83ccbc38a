"""The functions that read what programs print, and answers as the programs give them."""

import importlib
import inspect
import json
import pkgutil
from collections.abc import Callable, Iterator
from functools import partial
from types import FunctionType

from aks_flow import tools
from aks_flow.azure.identity import environment_rules
from aks_flow.push.lock import lease
from aks_flow.rollout import version_skew
from aks_flow.tools.gh import refusals
from aks_flow.tools.kubectl import output, raw


def of_object(read: Callable[[dict], object]) -> Callable[[str], object]:
    """A reader that is given an object, as one of its text."""

    def reading(text: str) -> object:
        try:
            item = json.loads(text)
        except (ValueError, RecursionError):
            return None
        return read(item) if isinstance(item, dict) else None

    return reading


def _parsers() -> Iterator[tuple[str, FunctionType]]:
    """By their names, without those that take something else than one text."""
    for module in pkgutil.walk_packages(tools.__path__, f"{tools.__name__}."):
        for name, function in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            if function.__module__ == module.name and name.startswith("parse"):
                takes_object = "Mapping" in (form := str(inspect.signature(function))) or "dict)" in form
                title = f"{module.name.removeprefix('aks_flow.tools.')}.{name}"
                yield title, of_object(function) if takes_object else function


READERS: dict[str, Callable] = {
    **dict(_parsers()),
    "kubectl.raw.parse_header": partial(raw.parse_header, name="Date"),
    "kubectl.output.objects": output.objects,
    "kubectl.output.only": output.only,
    "kubectl.output.event": output.event,
    "kubectl.output.refusal": output.refusal,
    "kubectl.output.all_exist": output.all_exist,
    "lease.parse": lease.parse,
    "version_skew.gap": version_skew.gap,
    "environment_rules.parse": of_object(environment_rules.parse),
    "gh.refusals.refusal": partial(refusals.refusal, None),
}

_REQUEST = {
    **{"number": 7, "html_url": "https://github.com/o/r/pull/7", "state": "open", "merged_at": None},
    **{"merge_commit_sha": None, "head": {"ref": "release/1.0.0", "sha": "a" * 40}, "base": {"ref": "main"}},
}
_APPLICATION = {
    "kind": "Application",
    "metadata": {"name": "dev", "resourceVersion": "7", "annotations": {}},
    "spec": {"syncPolicy": {"automated": {"prune": True}}},
    "status": {
        "sync": {"status": "OutOfSync", "revision": "a" * 40},
        "health": {"status": "Degraded"},
        "operationState": {"phase": "Running", "message": "", "operation": {"sync": {"revision": "b" * 40}}},
        "resources": [
            {
                "group": "apps",
                "kind": "Deployment",
                "name": "web",
                "health": {"status": "Degraded", "message": "m"},
            }
        ],
        "conditions": [{"type": "SyncError", "message": "m"}],
        "history": [{"revision": "a" * 40, "deployedAt": "2026-01-01T00:00:00Z"}],
    },
}
SAMPLES: list[dict] = [
    {"kind": "List", "items": [_APPLICATION]},
    {"type": "MODIFIED", "object": _APPLICATION},
    _APPLICATION,
    _REQUEST,
    {
        "kind": "Lease",
        "metadata": {
            "name": "aks-flow-delivery",
            "resourceVersion": "7",
            "annotations": {"aks-flow/who": "ann"},
        },
        "spec": {"holderIdentity": "a", "leaseDurationSeconds": 15, "renewTime": "t", "leaseTransitions": 1},
    },
    {
        "check_runs": [
            {"name": "test", "conclusion": None, "status": "queued", "completed_at": None, "started_at": None}
        ]
    },
    {"statuses": [{"context": "test", "state": "success", "updated_at": "t"}]},
    {"errors": [{"message": "no"}, {"field": "head", "code": "invalid"}, "no"]},
    {"variables": [{"name": "A", "value": "b"}], "branch_policies": [{"name": "main", "type": "branch"}]},
    {
        "protection_rules": [
            {"type": "required_reviewers", "reviewers": [{"type": "User", "reviewer": {"id": 7}}]}
        ]
    },
    {"loginServer": "a.azurecr.io", "accessToken": "secret", "token": "secret", "expires": 7},
    {"provisioningState": "Succeeded", "exitCode": 0, "logs": "", "reason": None},
    {"Username": "ann", "Secret": "hunter2"},
    {"clientVersion": {"gitVersion": "v1.37.0"}, "serverVersion": {"gitVersion": "v1.36.2"}},
    {
        "job": "a",
        "stage": "Main",
        "step": "Main s",
        "stepID": ["1"],
        "stepResult": "success",
        "executionTime": 7,
    },
    {
        "job": "a",
        "command": "set-output",
        "name": "n",
        "arg": "v",
        "content": "c",
        "raw_output": True,
        "msg": "m",
    },
    {"line": 7, "kind": "expression", "message": "m"},
    {
        **{"ident": "i", "desc": "d", "url": "u"},
        "locations": [
            {
                "symbolic": {"kind": "Primary", "annotation": "a", "key": {"Local": {"verbatim_path": "p"}}},
                "concrete": {"location": {"start_point": {"row": 7}}},
            }
        ],
    },
]
