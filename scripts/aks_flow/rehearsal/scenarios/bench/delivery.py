"""Deliveries on the rehearsal: a one-line change, and nothing to do."""

import sys
from pathlib import Path

from aks_flow.core.command import command
from aks_flow.core.config import Config
from aks_flow.core.runner import Runner
from aks_flow.core.steps import Silent, Steps
from aks_flow.rehearsal.scenarios import push_and_pull
from aks_flow.rehearsal.scenarios.bench.clock import seconds
from aks_flow.rehearsal.scenarios.push_and_pull import pulling, pushing, workspace
from aks_flow.rehearsal.scenarios.push_and_pull.half import Half


def changes_and_no_op(config: Config, runs: int) -> list[tuple]:
    """Warm layers: commit to the new version alone serving, by both paths; then `push` with nothing to do."""
    context = push_and_pull.prepare(config, Steps(Silent()))
    repo = workspace.clone(context.run, config)
    url = pushing.first(context, repo)
    pushed = [pushing.change(context, repo, url) for _ in range(runs)]
    idle = [seconds(lambda: _push(context.run, config, repo)) for _ in range(runs)]
    inside = pulling.at(context, repo)
    url = pulling.first(inside, repo)
    pulled = [pulling.change(inside, repo, url) for _ in range(runs)]
    return [
        ("push: one-line change, commit to serving all", "s", 6, [half.seconds for half in pushed]),
        ("push: requests failed meanwhile, of 50 a second", "", 0, [half.failed for half in pushed]),
        ("push with nothing to do", "s", 1, idle),
        ("pull: commit on the branch to serving all", "s", 6, [_since_written(half) for half in pulled]),
        ("pull: requests failed meanwhile, of 50 a second", "", 0, [half.failed for half in pulled]),
    ]


def _since_written(half: Half) -> float:
    return half.times["serve"] - half.times["write"]


def _push(run: Runner, config: Config, repo: Path) -> None:
    """`./inv push` in the clone, with this environment and these stand-ins."""
    kubeconfig = {"INVOKE_TARGETS_REHEARSAL_KUBECONFIG": config.destination.kubeconfig}
    words = ("-m", "invoke", "--search-root", repo, "push", "--env", pushing.ENVIRONMENT)
    run.run(command(sys.executable, *words, cwd=repo, env=kubeconfig))
