"""What pods tolerate of nodes."""

from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.apimachinery import grammar
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.validation import checks
from aks_flow.rehearsal.standins.kubernetes.validation.causes import invalid

_ALL = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'


def tolerations(path: str, given: list[dict]) -> Iterator[Cause]:
    for index, toleration in enumerate(given):
        at, operator, effect = f"{path}[{index}]", toleration.get("operator", ""), toleration.get("effect")
        if toleration.get("key"):
            yield from checks.matches(f"{at}.key", toleration["key"], grammar.qualified_name)
        elif operator != "Exists":
            yield invalid(f"{at}.operator", operator, _ALL)
        if toleration.get("tolerationSeconds") is not None and effect != "NoExecute":
            text = "effect must be 'NoExecute' when `tolerationSeconds` is set"
            yield invalid(f"{at}.effect", effect or "", text)
        if operator == "Exists" and toleration.get("value"):
            yield invalid(f"{at}.operator", toleration, "value must be empty when `operator` is 'Exists'")
        if operator in ("", "Equal"):
            yield from checks.matches(f"{at}.operator", toleration.get("value") or "", grammar.label_value)
        yield from checks.one_of(f"{at}.operator", operator, "Equal", "Exists")
        yield from checks.one_of(f"{at}.effect", effect, "NoSchedule", "PreferNoSchedule", "NoExecute")
