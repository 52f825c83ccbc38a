"""Query parameters, read and refused as a standard server does."""

from collections.abc import Mapping

from aks_flow.rehearsal.standins.kubernetes.apimachinery.selectors import Fields, Selector
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import (
    StatusError,
    bad_request,
    invalid_options,
)


def flag(query: Mapping[str, str], name: str) -> bool:
    return query.get(name, "").lower() in ("1", "t", "true")


def number(query: Mapping[str, str], name: str) -> int | None:
    """A whole number ≥ 0, or None; StatusError 400."""
    text = query.get(name, "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit():
        raise bad_request(f'invalid value for {name}: strconv.ParseUint: parsing "{text}": invalid syntax')
    return int(text)


def dry_run(query: Mapping[str, str]) -> bool:
    given = query.get("dryRun", "")
    if given not in ("", "All"):
        raise _invalid_options(f'dryRun: Unsupported value: ["{given}"]: supported values: "All"')
    return given == "All"


def labels(query: Mapping[str, str]) -> Selector:
    return Selector.parse(query.get("labelSelector", ""))


def fields(query: Mapping[str, str]) -> Fields:
    return Fields.parse(query.get("fieldSelector", ""))


def manager(query: Mapping[str, str], user_agent: str) -> str:
    """Who writes: fieldManager, or the program's name."""
    given = query.get("fieldManager", "")
    if len(given) > 128:
        raise _invalid_options("fieldManager: Too long: may not be more than 128 bytes")
    return given or user_agent.split("/")[0]


def field_validation(query: Mapping[str, str]) -> str:
    given = query.get("fieldValidation", "") or "Warn"
    if given not in ("Ignore", "Warn", "Strict"):
        text = "fieldValidation parameter must be Ignore, Warn or Strict"
        raise _invalid_options(f'fieldValidation: Invalid value: "{given}": {text}')
    return given


def check_version_match(query: Mapping[str, str]) -> None:
    """The rules for resourceVersionMatch and sendInitialEvents together; StatusError 422."""
    match = query.get("resourceVersionMatch", "")
    initial, watching = flag(query, "sendInitialEvents"), flag(query, "watch")
    if "sendInitialEvents" in query and not watching:
        raise _invalid_options("sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list")
    if initial and match != "NotOlderThan":
        raise _forbidden_match("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")
    if match and watching and "sendInitialEvents" not in query:
        raise _forbidden_match(
            "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"
        )
    if match not in ("", "Exact", "NotOlderThan"):
        known = '"Exact", "NotOlderThan", ""'
        raise _invalid_options(
            f'resourceVersionMatch: Unsupported value: "{match}": supported values: {known}'
        )
    if match and not watching and not query.get("resourceVersion"):
        raise _forbidden_match("resourceVersionMatch is forbidden unless resourceVersion is provided")


def _forbidden_match(why: str) -> StatusError:
    return _invalid_options(f"resourceVersionMatch: Forbidden: {why}")


def _invalid_options(summary: str) -> StatusError:
    return invalid_options("ListOptions", summary)
