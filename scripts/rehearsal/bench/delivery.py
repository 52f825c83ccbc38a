"""Deliveries on the rehearsal: a one-line change, and nothing to do."""

import sys

from scripts import deploy, report, source
from scripts.command import command
from scripts.config import Config
from scripts.delivery import Delivery
from scripts.registry import Registry
from scripts.rehearsal import stack, story
from scripts.rehearsal.bench.clock import seconds
from scripts.runner import Local
from scripts.steps import Silent, Steps


def change_and_no_op(config: Config, runs: int) -> list[tuple]:
    """Warm layers: commit to the new version alone serving, under load; then `push` with nothing to do."""
    run, steps = Local(), Steps(Silent())
    stack.up(run, config, steps, report.note)
    repo = story.clone(run, config)
    host = config.destination.registry.partition("/")[0]
    hands = Delivery(run, Registry(host), config, steps)
    url = deploy.push(hands, source.read(run, repo), story.ENVIRONMENT).url
    changes = [story.deliver_change(hands, repo, url) for _ in range(runs)]
    return [
        ("one-line change: commit to the new version serving all", "s", 6, [one.seconds for one in changes]),
        ("requests failed during the rolling update, of 50 a second", "", 0, [one.failed for one in changes]),
        ("push with nothing to do", "s", 1, [seconds(lambda: _push(run, config, repo)) for _ in range(runs)]),
    ]


def _push(run: Local, config: Config, repo) -> None:
    """`./inv push` in the clone, with this environment and these stand-ins."""
    kubeconfig = {"INVOKE_TARGETS_REHEARSAL_KUBECONFIG": config.destination.kubeconfig}
    words = ("-m", "invoke", "--search-root", repo, "push", "--env", story.ENVIRONMENT)
    run.run(command(sys.executable, *words, cwd=repo, env=kubeconfig))
