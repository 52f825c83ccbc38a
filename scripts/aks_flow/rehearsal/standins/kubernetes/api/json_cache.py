"""Objects' JSON, made once for all lists that show the same version of them."""

from collections import OrderedDict

from aks_flow.rehearsal.standins.kubernetes.api.responses import dump
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind

_MOST = 2000
_SAID_BY_LIST = ("kind", "apiVersion")


class JsonCache:
    """The JSON of the objects listed last. A uid and a resourceVersion always stand for the same content."""

    def __init__(self):
        self._kept: OrderedDict[tuple[str, str, str], bytes] = OrderedDict()

    def list(self, kind: Kind, items: list[dict], metadata: dict) -> bytes:
        """A list of whole objects, as JSON."""
        head = dump({"kind": kind.list_name, "apiVersion": kind.api_version, "metadata": metadata})
        return b'%s,"items":[%s]}' % (head[:-1], b",".join(self._item(kind, item) for item in items))

    def _item(self, kind: Kind, item: dict) -> bytes:
        metadata = item["metadata"]
        key = kind.api_version, metadata["uid"], metadata["resourceVersion"]
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        shown = item if kind.is_custom else without_type(item)
        text = self._kept[key] = dump(shown)
        if len(self._kept) > _MOST:
            self._kept.popitem(last=False)
        return text


def without_type(item: dict) -> dict:
    """An object without kind and apiVersion, which its list states for all its items."""
    return {field: value for field, value in item.items() if field not in _SAID_BY_LIST}
