"""What became of each object of a sync: the entries of its ``syncResult``."""

from dataclasses import dataclass, field

from aks_flow.rehearsal.standins.argocd import hooks, names, object_refs

# The word that Argo CD has for the state of an object's task, by what was done.
_PHASES = {"Synced": names.RUNNING, "SyncFailed": names.FAILED}


@dataclass
class SyncResults:
    """``entries``: in order; every one names its group and namespace, be they empty."""

    entries: list[dict] = field(default_factory=list)

    def note(self, item: dict, status: str, message: str, is_hook: bool = False) -> None:
        """The newest word on an object replaces the one before."""
        ref = object_refs.of(item)
        entry = {
            "group": ref.group,
            "version": item["apiVersion"].rpartition("/")[2],
            "kind": ref.kind,
            "namespace": ref.namespace,
            "name": ref.name,
            "status": status,
            "message": message,
            "hookPhase": _PHASES.get(status, names.SUCCEEDED),
            "syncPhase": hooks.SYNC,
        }
        if is_hook:
            [phase] = hooks.phases(item)
            entry |= {"hookType": phase, "syncPhase": phase}
        self.entries[:] = [old for old in self.entries if object_refs.of_fields(old) != ref] + [entry]

    def conclude(self, item: dict, phase: str, message: str = "") -> None:
        """How the task on an object that was applied has ended."""
        for entry in self.entries:
            if object_refs.of_fields(entry) == object_refs.of(item):
                entry["hookPhase"] = phase
                entry["message"] = message or entry["message"]
