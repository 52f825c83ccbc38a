"""The labels of pull requests, in GitHub's form. https://docs.github.com/rest/issues/labels"""

from aks_flow.rehearsal.standins.github import pulls
from aks_flow.rehearsal.standins.github.api.requests import Asked, known
from aks_flow.rehearsal.standins.github.api.tokens import ApiFault
from aks_flow.rehearsal.standins.github.hub import Hub


def add(hub: Hub, call: Asked) -> tuple[int, list[dict]]:
    """Those that it has already stay."""
    pull = known(hub, call.number)
    given = call.values.get("labels")
    if not isinstance(given, list) or not given:
        raise ApiFault(422, "Validation Failed", ({"resource": "Label", "code": "missing_field"},))
    return _set(hub, call.number, tuple(dict.fromkeys([*pull.labels, *given])))


def remove(hub: Hub, call: Asked) -> tuple[int, list[dict]]:
    pull = known(hub, call.number)
    if call.word not in pull.labels:
        raise ApiFault(404, "Label does not exist")
    return _set(hub, call.number, tuple(name for name in pull.labels if name != call.word))


def _set(hub: Hub, number: int, labels: tuple[str, ...]) -> tuple[int, list[dict]]:
    pulls.relabel(hub, known(hub, number), labels)
    return 200, [{"name": name} for name in labels]
