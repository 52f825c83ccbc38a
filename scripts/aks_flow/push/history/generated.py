"""ConfigMaps and Secrets that kustomize names after their content: a new one with every change. Pure.

Pods of an earlier revision read theirs still, and so does whoever goes back to it. So they go with the last
revision that has them.
"""

import re
from collections.abc import Iterable

from aks_flow.push.history.revision import Revision

# The ten characters that kustomize makes of a hash: vowels and what looks like them are replaced.
_GENERATED = re.compile(r"(?:configmap|secret)/.+-[2-9bcdfghkmt]{10}")


def is_generated(name: str) -> bool:
    """Whether an object, as `kubectl get --output=name` calls it, is named after its content."""
    return bool(_GENERATED.fullmatch(name))


def last_named_by(gone: Iterable[Revision], kept: Iterable[Revision]) -> list[str]:
    """Those that only revisions which go have."""
    named = {name for revision in kept for name in revision.objects}
    every = {name for revision in gone for name in revision.objects}
    return sorted(filter(is_generated, every - named))
