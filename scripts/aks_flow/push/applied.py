"""Whether an object is as kubectl applied it last: kubectl notes that on the object itself. Pure."""

import json

from aks_flow.tools.kubectl.apply import LAST_APPLIED


def is_applied(item: dict, live: dict | None) -> bool:
    """Whether what was applied last to ``live``, None for no object, is just ``item``."""
    annotations = (live or {}).get("metadata", {}).get("annotations") or {}
    return _plain(json.loads(annotations.get(LAST_APPLIED, "{}"))) == _plain(item)


def _plain(item: dict) -> str:
    """Without what kubectl adds to its note: the namespace, and annotations even where there are none."""
    metadata = {key: value for key, value in item.get("metadata", {}).items() if key != "namespace"}
    metadata["annotations"] = metadata.get("annotations") or {}
    return json.dumps({**item, "metadata": metadata}, sort_keys=True, default=str)
