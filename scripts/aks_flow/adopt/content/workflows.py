"""The workflows: aks-flow's own files, with a project's environments, branches and tests in them."""

from collections.abc import Iterator
from pathlib import Path

from aks_flow.adopt.answers import Answers, NewEnvironment
from aks_flow.core.config.branches import GITFLOW

TEMPLATES = Path(__file__).parents[1] / "templates"
FOLDER, ACTIONS = ".github/workflows", ".github/actions"
NAMES = ("ci", "branch", "deliver", "promote", "undo", "nightly", "finish", "preview")
MARK = "# Written by aks-flow. `./inv adopt --upgrade` brings it to the version that is installed.\n"
_CALLED = f"./{FOLDER}/ci.yml"

_LINT = "      - run: ./inv lint\n"

_OF_THE_SAMPLE = (
    "${{ github.ref_type == 'tag' && 'production' || github.ref_name == 'main' && 'production' || "
    "github.ref_name == 'develop' && 'dev' || 'staging' }}"
)

# (in which file, what aks-flow's own repository has, what a project has)
Replacement = tuple[str, str, str]


def workflows(root: Path, answers: Answers) -> dict[str, str]:
    """Their texts by path. Where a team has a file of such a name, all of them are called otherwise."""
    named = [f"{FOLDER}/{name}.yml" for name in NAMES] + [f"{ACTIONS}/login/action.yml"]
    present = [file for name in named if (file := root / name).is_file()]
    prefix = "aks-flow-" if present and not any(map(is_ours, present)) else ""
    unasked = {"promote": len(answers.environments) < 2, "preview": answers.preview is None}
    names = [name for name in NAMES if not unasked.get(name)]
    texts = {f"{FOLDER}/{prefix}{name}.yml": _text(name, answers, prefix) for name in names}
    return texts | {f"{ACTIONS}/{prefix}login/action.yml": _text("login", answers, prefix)}


def is_ours(file: Path) -> bool:
    """Whether a workflow that is there was written by aks-flow, and may be brought to another version."""
    return file.read_text(errors="replace").startswith(MARK)


def _text(name: str, answers: Answers, prefix: str) -> str:
    text = (TEMPLATES / f"{name}.yml").read_text()
    for file, own, theirs in replacements(answers, prefix):
        if file == name:
            text = text.replace(own, theirs)
    return MARK + text.replace(f"uses: ./{ACTIONS}/login", f"uses: ./{ACTIONS}/{prefix}login")


def replacements(answers: Answers, prefix: str) -> Iterator[Replacement]:
    """What of the templates is the sample's: each is there, and gives way to the project's."""
    yield from _checks(answers, prefix)
    yield from _deliveries(answers, prefix)
    if len(answers.environments) > 1:
        yield from _promotions(answers)
    last = answers.environments[-1].name
    called = GITFLOW | answers.branches
    yield "finish", "branches: [develop, main]", f"branches: [{called['develop']}, {called['main']}]"
    yield "undo", "'production' && 'production-undo'", f"'{last}' && '{last}-undo'"
    yield "undo", "options: [dev, staging, production]", f"options: {_names(answers.environments)}"


def _checks(answers: Answers, prefix: str) -> Iterator[Replacement]:
    first, feature = answers.environments[0].name, (GITFLOW | answers.branches)["feature"]
    filters = _filters(answers)
    yield "ci", "branches: [develop, main, release/**, hotfix/**]", f"branches: {filters}"
    yield "branch", "branches: [feature/**]", f"branches: [{feature}**]"
    yield "branch", _CALLED, f"./{FOLDER}/{prefix}ci.yml"
    yield "ci", "refs/heads/feature/", f"refs/heads/{feature}"
    yield "ci", "hashFiles('requirements*.lock', 'scripts/**/*.lock')", "hashFiles('aks-flow.txt')"
    yield "ci", _LINT, _LINT if answers.lint else ""
    yield "ci", "      - run: ./inv test --only unit\n", "      - run: ./inv test\n" if answers.test else ""
    yield "ci", "push.plan --env dev", f"push.plan --env {first}"


def _deliveries(answers: Answers, prefix: str) -> Iterator[Replacement]:
    yield "deliver", "branches: [develop, release/**, hotfix/**, main]", f"branches: {_filters(answers)}"
    last = next(iter(_exact(answers.environments[-1])), GITFLOW["main"])
    yield (
        "deliver",
        "github.ref_name == 'main' || github.ref_type",
        f"github.ref_name == '{last}' || github.ref_type",
    )
    yield "deliver", _CALLED, f"./{FOLDER}/{prefix}ci.yml"
    tag = (GITFLOW | answers.branches)["tag"]
    yield "deliver", 'tags: ["v[0-9]', f'tags: ["{tag}[0-9]'
    yield "deliver", _OF_THE_SAMPLE, _environment_of_branch(answers.environments)


def _promotions(answers: Answers) -> Iterator[Replacement]:
    first, *rest = answers.environments
    *before, last = answers.environments
    sources = f"options: {_names(before)}\n        default: {before[-1].name}"
    targets = f"options: {_names(rest)}\n        default: {last.name}"
    yield "promote", "options: [dev, staging]\n        default: staging", sources
    yield "promote", "options: [staging, production]\n        default: production", targets


def _names(environments: list[NewEnvironment] | tuple[NewEnvironment, ...]) -> str:
    return f"[{', '.join(environment.name for environment in environments)}]"


def _filters(answers: Answers) -> str:
    """All branches that reach an environment, as GitHub's patterns: there ``*`` ends at a slash."""
    patterns = [pattern for environment in answers.environments for pattern in environment.branches]
    return f"[{', '.join(dict.fromkeys(pattern.replace('*', '**') for pattern in patterns))}]"


def _exact(environment: NewEnvironment) -> list[str]:
    return [branch for branch in environment.branches if "*" not in branch]


def _environment_of_branch(environments: tuple[NewEnvironment, ...]) -> str:
    """An expression: those that one branch reaches first; the last needs no condition. One has its name."""
    ways = {True: [], False: []}  # whether one branch leads there by its name
    for environment in reversed(environments):
        ways[bool(_exact(environment))].append(environment)
    *tested, other = [*ways[True], *ways[False]]
    if not tested:
        return other.name
    tagged = [f"github.ref_type == 'tag' && '{environments[-1].name}'"]
    parts = [f"{_condition(environment)} && '{environment.name}'" for environment in tested]
    expression = " || ".join([*tagged, *parts, f"'{other.name}'"])
    return f"${{{{ {expression} }}}}"


def _condition(environment: NewEnvironment) -> str:
    exact = [f"github.ref_name == '{branch}'" for branch in _exact(environment)]
    begun = [
        f"startsWith(github.ref_name, '{branch.partition('*')[0]}')"
        for branch in environment.branches
        if "*" in branch
    ]
    conditions = [*exact, *begun] or ["false"]
    return conditions[0] if len(conditions) == 1 else f"({' || '.join(conditions)})"
