"""kubectl: argument lists and parsers, a module for each of its subcommands.

`Kubectl` says which cluster is asked; `output` is what several of them print, `resources` are objects,
`kinds` says where the API has them, and `exchange` what a command asks of it.
"""

from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.command import Command, command, flags
from aks_flow.core.config.target import Target

ANY = range(256)
SOON = "5s"  # how long an answer may take where somebody waits for it


@dataclass(frozen=True)
class Kubectl:
    """kubectl for one cluster. Empty texts mean kubectl's own defaults.

    A kubeconfig of the project's own brings a discovery cache of its own with it.
    """

    kubeconfig: str = ""
    context: str = ""
    namespace: str = ""

    @classmethod
    def at(cls, target: Target, namespace: str = "") -> "Kubectl":
        """kubectl for the cluster of a configured target."""
        return cls(target.kubeconfig, target.context, namespace)

    def command(self, *words: object, **settings) -> Command:
        """kubectl with these words, for this cluster and namespace; settings: see `Command`."""
        chosen = flags(context=self.context or None, namespace=self.namespace or None)
        # What prints objects may print a Secret.
        private = "--output=json" in words or words[:1] == ("diff",)
        built = command("kubectl", *chosen, *words, cluster=True, private=private, **settings)
        if not self.kubeconfig:
            return built
        return built.with_env(
            KUBECONFIG=self.kubeconfig, KUBECACHEDIR=str(Path(self.kubeconfig).parent / "kube-cache")
        )
