"""`inv`, tasks.py and aks-flow.txt: how a project's tasks are called, and which aks-flow has them."""

from pathlib import Path

from aks_flow.adopt.package import Package

WRAPPER = (Path(__file__).parents[1] / "templates" / "inv.sh").read_text()

TASKS = '''\
"""The tasks of this project: those of aks-flow, and yours beside them."""

from aks_flow import collection

namespace = collection()  # yours: namespace.add_task(…)
'''


def requirement(package: Package) -> str:
    """aks-flow.txt."""
    return (
        f"# The aks-flow of this project, for `./inv`: a line of pip's requirements.\n{package.requirement}\n"
    )
