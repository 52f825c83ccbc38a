"""An environment's folder on the branch -> the manifest that kustomize makes of it.

The folder's kustomization tells Argo CD what a commit that forgets it leaves in the cluster: what holds data
or objects of others. A push leaves the same kinds (`push/prune.py`).
"""

import json
import tempfile
from pathlib import Path

from aks_flow.core import yaml_text
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed
from aks_flow.core.tarball import unpack
from aks_flow.gitflow.tree_archive import tree_archive
from aks_flow.gitops.branch.branch import Branch
from aks_flow.manifests.sync_waves import NOT_PRUNED, SYNC_OPTIONS, UNPRUNED_KINDS
from aks_flow.manifests.yaml_edit.nodes import Sequence, YamlNode
from aks_flow.manifests.yaml_edit.source import read
from aks_flow.tools.kubectl import kustomize

_KEY = "transformers"
_COMMENT = (
    "# A commit that forgets what holds data takes nothing away. What says something itself is left alone."
)
TRANSFORMER = f"""\
apiVersion: builtin
kind: PatchTransformer
metadata:
  name: keep-what-holds-data
target:
  kind: {"|".join(UNPRUNED_KINDS)}
  annotationSelector: "!{SYNC_OPTIONS}"
patch: |-
  apiVersion: v1
  kind: Any
  metadata:
    name: any
    annotations:
      {SYNC_OPTIONS}: {NOT_PRUNED}
"""


class NotRendered(Exception):
    """``words``: what kustomize said, with paths that begin at the folder."""

    def __init__(self, words: str):
        super().__init__(words)
        self.words = words


def rendered(branch: Branch, tree: str, environment: str) -> str:
    """The manifest of the folder whose tree has this hash; NotRendered if kustomize refuses it."""
    archive = tree_archive(branch.run, branch.repo, tree, named_only=True)
    with tempfile.TemporaryDirectory(prefix="aks-flow-") as top:
        unpack(archive, Path(top, environment))
        try:
            return branch.run.run(kustomize.render(Path(top, branch.places[environment]))).text
        except CommandFailed as error:
            raise NotRendered(error.result.error_text.strip().replace(f"{top}/{environment}/", "")) from error


def kept(text: str, where: str) -> str:
    """A kustomization with the transformer that keeps Argo CD from pruning these kinds; other bytes stay.

    It changes no object that has sync options: an annotation cannot be extended by kustomize, and the rule
    ``prune`` of the checks names those that say nothing of pruning. AksFlowError if the key holds no list.
    """
    if TRANSFORMER in (yaml_text.load(text, where).get(_KEY) or ()):
        return text
    source = read(text, where)
    root = source.documents[0].root
    present, entry = root.named.get(_KEY), json.dumps(TRANSFORMER)
    if present is None and not root.event.flow_style:
        return _with_key(text)
    if present is None:
        at, added = root.start + 1, f'"{_KEY}": [{entry}]{", " if root.pairs else ""}'
    else:
        at, added = _place_in(present, entry, where)
    body = source.body
    return f"{source.bom}{body[:at]}{added}{body[at:]}"


def _with_key(text: str) -> str:
    end = "" if text.endswith("\n") else "\n"
    return f"{text}{end}\n{_KEY}:\n  {_item(2)}"


def _item(column: int) -> str:
    """The transformer as the item of a list that begins in a column."""
    margin = " " * column
    lines = "".join(f"{margin}    {line}\n" for line in TRANSFORMER.splitlines())
    return f"{_COMMENT}\n{margin}- |\n{lines}"


def _place_in(present: YamlNode, entry: str, where: str) -> tuple[int, str]:
    """Where a list begins, and what is put there."""
    if not isinstance(present, Sequence):
        step = "Write the list out there, or remove the key."
        raise AksFlowError(f"`{_KEY}` is not a list", where=where, next_step=step)
    if present.event.flow_style:
        return present.start + 1, entry + (", " if present.items else "")
    return present.start, _item(present.column) + " " * present.column
