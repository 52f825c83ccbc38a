"""The files of a project that an upgrade brings to the version that is installed."""

from aks_flow.adopt.adoption import Adoption
from aks_flow.adopt.plan import FileState, PlannedFile
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.tools.git import files


def upgradable(run: Runner, adoption: Adoption) -> list[PlannedFile]:
    """Wrapper, aks-flow.txt and workflows that differ; AksFlowError if git does not have one as it is."""
    ours = [file for file in adoption.files if file.ours and file.state is FileState.DIFFERS]
    changed = files.parse_changed(
        run.run(files.changed(adoption.tree.root, [file.path for file in ours])).text if ours else ""
    )
    if changed:
        step = "Commit them, or put them back; then run the same command again."
        what = f"these have changes that are not committed: {', '.join(changed)}"
        raise AksFlowError(what, where=str(adoption.tree.root), next_step=step)
    return ours
