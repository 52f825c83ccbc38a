"""What the task `manifests.check` does: tell the findings of all environments, and fail if there are any."""

from aks_flow import report
from aks_flow.cli.check_cache import open_cache
from aks_flow.cli.context import TaskContext
from aks_flow.cli.manifest_findings import CheckRow, find, vaults, with_a_preview
from aks_flow.core.config import Config
from aks_flow.core.did_you_mean import did_you_mean
from aks_flow.core.errors import AksFlowError
from aks_flow.manifests.checks.findings import ERROR, POLICY, rules

_NEXT_STEP = "Correct the manifests that they name, or accept one with a reason: docs/manifest-checks.md."


def check_task(task: TaskContext, json: bool) -> None:
    """Show what does not fit, and apart from it what the policy asks for; AksFlowError if there is either."""
    run, given = task.runner(), task.config()
    config = with_a_preview(given)
    _check_rules(config)
    cache = open_cache(run, config.root)
    about = [config.app, *config.environments, config.checks, config.previews, *vaults(given).items()]
    name = f"manifests {' '.join(map(str, about))}"
    reads = cache.all_but(*(image.context for image in config.app.built_images.values()))
    if not json and cache.has_passed(name, reads):
        return report.say("manifests: unchanged, they passed with this tree")
    rows = find(run, given)
    if json:
        report.document([vars(row) for row in rows])
    _refuse(config, [row for row in rows if not row.accepted], shown=not json)
    if not json:
        accepted = sum(bool(row.accepted) for row in rows)
        aside = f"; {_counted(accepted, 'finding')} accepted" if accepted else ""
        report.say(f"{', '.join(config.environments)}: every object agrees with the others{aside}")
    return cache.remember(name, reads)


def _check_rules(config: Config) -> None:
    """AksFlowError if the project accepts a rule that there is not."""
    for at, entry in enumerate(config.checks.accept):
        if entry.rule not in rules():
            step = did_you_mean(entry.rule, rules(), "See docs/manifest-checks.md.")
            where = f"checks.accept[{at}].rule"
            raise AksFlowError(f"there is no rule {entry.rule!r}", where=where, next_step=step)


def _refuse(config: Config, rows: list[CheckRow], shown: bool) -> None:
    """Tell the errors, and under a line of their own the policy's; AksFlowError if there are any."""
    errors, policies = ([row for row in rows if row.kind == kind] for kind in (ERROR, POLICY))
    aside = f"of policy {config.checks.policy}"
    if shown:
        for row in errors:
            report.say(str(row))
        if policies:
            heading = f"Findings {aside} (`checks.policy`):\n"
            report.say(f"\n{heading}" if errors else heading)
        for row in policies:
            report.say(str(row))
    counts = [_counted(len(errors), "error")] if errors else []
    counts += [f"{_counted(len(policies), 'finding')} {aside}"] if policies else []
    if counts:
        raise AksFlowError(", ".join(counts), next_step=_NEXT_STEP)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
