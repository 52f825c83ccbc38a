"""The tasks of `./inv --list`, a file a namespace: each is its name, its parameters and its first line.

What a task NAME does is the function NAME_task of the module that its file names, in cli/ or rehearsal/.
"""

from invoke import Collection

from aks_flow.tasks import (
    argocd,
    azure,
    flow,
    gitops,
    image,
    manifests,
    preview,
    push,
    rehearsal,
    top_level,
    workflows,
)


def collection() -> Collection:
    """All tasks, as Invoke takes them from a tasks.py: ``namespace = collection()``."""
    namespaces = (image, manifests, push, gitops, preview, argocd, flow, workflows, azure, rehearsal)
    return Collection(*Collection.from_module(top_level).tasks.values(), *namespaces)
