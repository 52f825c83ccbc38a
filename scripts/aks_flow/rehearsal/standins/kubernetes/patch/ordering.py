"""The order of a merged list: what the patch names goes in the patch's order, the rest keeps its place."""


def arrange(merged: list, before: list, order: list | None, merge_key: str) -> list:
    """``merged`` in the order that ``$setElementOrder`` asks for. before: the list as it was stored.

    order: the directive's value ([{merge_key: …}] or scalars); None leaves the list as it is.
    """
    if order is None:
        return merged
    asked, stored = _identities(order, merge_key), _identities(before, merge_key)
    named = [item for item in merged if _identity(item, merge_key) in asked]
    named.sort(key=lambda item: asked.index(_identity(item, merge_key)))
    others = [item for item in merged if _identity(item, merge_key) not in asked]
    return _interleave(others, named, stored, merge_key)


def _interleave(others: list, named: list, stored: list, merge_key: str) -> list:
    """An unnamed item stands before a named one only if it did so in the stored list."""
    arranged: list = []
    for item in others:
        while named and not _was_before(item, named[0], stored, merge_key):
            arranged.append(named.pop(0))
        arranged.append(item)
    return arranged + named


def _was_before(item: object, other: object, stored: list, merge_key: str) -> bool:
    first, second = _identity(item, merge_key), _identity(other, merge_key)
    return first in stored and second in stored and stored.index(first) < stored.index(second)


def _identities(items: list, merge_key: str) -> list:
    return [_identity(item, merge_key) for item in items]


def _identity(item: object, merge_key: str) -> object:
    return item.get(merge_key) if merge_key and isinstance(item, dict) else item
