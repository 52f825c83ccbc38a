"""What a team has already and azure.up only uses: nothing of it is made, changed or removed. Pure."""

from collections.abc import Mapping

from aks_flow.azure.plan.line import IMPOSSIBLE, Line, unchanged


def line(thing: str, existing: Mapping | None, group: str, key: str, lacks: tuple[str, ...] = ()) -> Line:
    """Unchanged, if it is there and lacks nothing that a delivery needs. key: what names its group."""
    if existing is None:
        do = f"Correct {key}, or leave it empty: then azure.up makes one."
        return Line(thing, IMPOSSIBLE, f"is not in group {group}, or you may not see it", do=do)
    if lacks:
        do = "Whoever runs it can switch that on; azure.up changes nothing that it has not made."
        return Line(thing, IMPOSSIBLE, f"is not as a delivery needs it: it {', and it '.join(lacks)}", do=do)
    return unchanged(thing)
