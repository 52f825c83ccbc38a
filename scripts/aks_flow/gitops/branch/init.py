"""The branch's first commit: its history is its own, and no GitFlow merge touches it."""

from aks_flow.gitops.branch import commit
from aks_flow.gitops.branch.branch import Branch
from aks_flow.tools.git import objects

README = """# What runs where

One folder for each environment: its manifests, and the pin of the image that runs there. Deliveries write
this branch (`./inv gitops.deliver`, `.promote`, `.undo`), Argo CD reads it; nothing here is edited by hand.
"""


def init_branch(branch: Branch) -> bool:
    """Make the branch; False if it is there already."""
    if branch.remote_commit():
        return False
    tree = branch.make_tree({"README.md": objects.file(branch.store(README.encode()))})
    first = commit.make(branch, tree, "", f"Start the branch {branch.name}\n", commit.committer(branch))
    refusal = branch.push(first)
    if refusal and not branch.remote_commit():
        raise refusal
    return not refusal
