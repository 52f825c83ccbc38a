"""`./inv` and `aks-flow`: Invoke's own program for a project's tasks.

`./inv` runs it as a script. What Invoke reads by itself (configuration files, variables, a task's flags) it
refuses with a traceback; here that is one sentence with the next step, as everywhere else.
"""

import gc
import os
import re
import shlex
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SOURCES = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        # Python would tell at a Ctrl-C where it was. There is nothing to put in order before a task begins.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.path[0] = str(SOURCES)  # this folder's modules are aks_flow.cli.…, and must not hide any other

gc.set_threshold(20_000)  # most commands end before there is garbage worth looking for

from aks_flow.cli import light_invoke  # noqa: E402

light_invoke.load()

from invoke import Argument, Config, Exit, ParseError, Program  # noqa: E402
from invoke.exceptions import AmbiguousEnvVar, UncastableEnvVar  # noqa: E402
from invoke.parser import Parser, ParserContext  # noqa: E402

from aks_flow import __version__, collection  # noqa: E402
from aks_flow.cli import machine, streams, workflow_variables  # noqa: E402
from aks_flow.cli.declare import LazyTask  # noqa: E402
from aks_flow.cli.first_flags import find_task, task_to_help_with, with_first_flags  # noqa: E402
from aks_flow.cli.team_tasks import with_ours  # noqa: E402
from aks_flow.core import project, yaml_text  # noqa: E402
from aks_flow.core.did_you_mean import did_you_mean  # noqa: E402
from aks_flow.core.errors import AksFlowError  # noqa: E402

_UNKNOWN = re.compile("No idea what '(?P<word>.*)' is!")

# What `./inv` alone shows, in the order of a first day.
FIRST = (
    "rehearse",
    "rehearsal.down",
    "doctor",
    "push.plan",
    "push",
    "push.undo",
    "gitops.deliver",
    "gitops.status",
    "flow.feature.start",
    "azure.up",
)


class FlowConfig(Config):
    """An INVOKE_* variable of the wrong type ends the run in a sentence; invoke.yaml is read quickly."""

    def _load_yaml(self, path: str) -> Any:
        settings = yaml_text.load(Path(path).read_bytes(), path)
        if fault := _fault(settings):
            raise ParseError(f"error: {Path(path).name}: {fault}")
        return settings

    _load_yml = _load_yaml

    def load_shell_env(self) -> None:
        """As Invoke's; ParseError with the variable's name for a value of the wrong type."""
        try:
            super().load_shell_env()
        except (ValueError, UncastableEnvVar, AmbiguousEnvVar) as error:
            raise ParseError(_variable(error)) from error


class FlowProgram(Program):
    """Invoke's program with sentences for what is wrong before a task begins."""

    def create_config(self) -> None:
        self._read(super().create_config)

    def parse_core(self, argv) -> None:
        super().parse_core(_with_one_root(list(sys.argv if argv is None else argv)))

    def core_args(self) -> list[Argument]:
        """As Invoke's, and one that every task has."""
        text = "Write where the run's time goes to a file that ui.perfetto.dev and chrome://tracing draw."
        return [*super().core_args(), Argument(names=("trace",), kind=str, help=text)]

    def task_args(self) -> list[Argument]:
        """As Invoke's, but the folder that tasks are looked for in is the project's, and called so."""
        root = Argument(
            names=("root", "search-root", "r"),
            help="The project's folder; else the nearest with an invoke.yaml.",
        )
        return [argument for argument in super().task_args() if "search-root" not in argument.names] + [root]

    def parse_collection(self) -> None:
        self._read(super().parse_collection)

    def load_collection(self) -> None:
        """The tasks of aks-flow, and of the project's own tasks.py if there is a project that has one.

        Invoke lets no bytecode be written, so that none of that file comes into the project. What a task
        loads after it is compiled once, as ever.
        """
        root = self._root()
        if root and (root / "tasks.py").is_file():
            self.args["root"].value = str(root)
            super().load_collection()
            self.collection = with_ours(self.collection)
        else:
            self.config.set_project_location(str(root) if root else None)
            self.config.load_project()
            self.collection = collection()
        if root:
            self.collection.configure({project.KEY: str(root)})
        sys.dont_write_bytecode = bool(os.environ.get("PYTHONDONTWRITEBYTECODE"))

    def _root(self) -> Path | None:
        """The project's folder; None where there is none: some tasks need no project."""
        named = self.args["root"].value
        if named and self.args.complete.value and not (Path(named) / project.FILE).is_file():
            raise Exit  # nothing is written over a command line that is being typed
        if named:
            return _project(Path(named))
        try:
            return project.find(Path.cwd())
        except AksFlowError:
            return None

    def execute(self) -> None:
        if self.args.trace.value:
            self.config.run["trace"] = self.args.trace.value  # beside `dry`, Invoke's own
        with machine.refusals_shown():
            super().execute()

    def parse_tasks(self) -> None:
        words = with_first_flags(self.collection, self.core.unparsed)
        if helped := task_to_help_with(self.collection, words):
            self.args.help.value, words = helped, []
        self.core.unparsed[:] = words
        try:
            with self._meant():
                super().parse_tasks()
        except ValueError as error:
            raise ParseError(
                f"error: {_given(error)} is not what its flag takes. Run ./inv --help TASK."
            ) from error

    @contextmanager
    def _meant(self) -> Iterator[None]:
        """Behind Invoke's sentence on a word that it does not know, what may have been meant."""
        try:
            yield
        except ParseError as error:
            if not (unknown := _UNKNOWN.fullmatch(str(error))):
                raise
            tasks, all_of_them = self.collection.task_names.items(), f"{self.binary} --list shows all tasks."
            names = [word for name, aliases in tasks for word in (name, *aliases)]
            if unknown["word"].startswith("-"):
                names = error.context.flags if error.context else ()
                all_of_them = f"{self.binary} --help TASK shows its flags."
            step = did_you_mean(unknown["word"], names, all_of_them)
            raise ParseError(f"{error} {step}") from error

    def _make_parser(self) -> Parser:
        """As Invoke's, of the tasks that are named alone: it copies each flag of each task."""
        if self.args.complete.value:
            return super()._make_parser()
        named = {self.args.help.value, *self.core.unparsed}
        tasks = self.collection.task_names.items()
        contexts = [
            ParserContext(name, aliases, self.collection[name].get_arguments())
            for name, aliases in tasks
            if named.intersection([name, *aliases])
        ]
        return Parser(initial=self.initial_context, contexts=contexts)

    def parse_cleanup(self) -> None:
        """As Invoke's; a command line that is not finished, such as an open quote, completes to nothing."""
        try:
            if self.args.complete.value:
                *words, last = shlex.split(self.core.remainder) or [""]
                self.core.remainder = shlex.join([*with_first_flags(self.collection, words), last])
            with self._meant():
                super().parse_cleanup()
        except ValueError:
            if not self.args.complete.value:
                raise
            raise Exit from None

    def print_task_help(self, name: str) -> None:
        """As Invoke's, with a call that can be typed."""
        super().print_task_help(name)
        if isinstance(task := self.collection[name], LazyTask):
            print(f"Example:\n  {f'{self.binary} {name} {task.example}'.rstrip()}\n")

    def no_tasks_given(self) -> None:
        """What one starts with, instead of Invoke's help of its own flags; --help shows that."""
        tasks = {name: task for name in FIRST if (task := find_task(self.collection, name))}
        width = max(map(len, FIRST))
        lines = [f"  {self.binary} {name:<{width}}  {task.__doc__}" for name, task in tasks.items()]
        print("\n".join(["Tasks to start with:", "", *lines, "", f"All of them: {self.binary} --list"]))
        raise Exit

    def update_config(self, merge: bool = True) -> None:
        self._read(lambda: super(FlowProgram, self).update_config(merge))

    @staticmethod
    def _read(step) -> None:
        """A step of Invoke's that reads configuration files and a team's tasks."""
        try:
            step()
        except yaml_text.NotYaml as error:
            mark = error.problem_mark
            line = mark.line + 1 if mark else None
            raise _unreadable(Path(error.where).name, line, "YAML", error.problem) from error
        except SyntaxError as error:
            raise _unreadable(error.filename or "tasks.py", error.lineno, "Python", error.msg) from error


def _unreadable(file: str, line: int | None, language: str, why: str) -> ParseError:
    place = f"{file}, line {line}" if line else file
    return ParseError(f"error: {place}: this is not {language} ({why}). Correct it, then run this again.")


def _fault(settings: Any) -> str:
    """What keeps a configuration file from having settings; "" if nothing does."""
    if not isinstance(settings, dict | None):
        return "it has no keys with values. Write them as in `target: cluster`, then run this again."
    for key in _keys(settings):
        if not isinstance(key, str):
            kind = type(key).__name__
            return f"the key {key!r} is of YAML's type {kind}. Put it in quotes, then run this again."
    return ""


def _keys(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in inner:
        yield from _keys(part)


def _project(folder: Path) -> Path:
    """The folder that was named; ParseError if it is no project's."""
    if not (folder / project.FILE).is_file():
        what = f"there is no {project.FILE} here" if folder.is_dir() else "there is no such folder"
        step = f"Name the folder of an {project.FILE}, or leave --root out to have the nearest one."
        raise ParseError(f"error: {folder}: {what}. {step}")
    return folder.resolve()


def _with_one_root(words: list[str]) -> list[str]:
    """The folder of the wrapper, which `./inv` names first, gives way to one that a person names."""
    named = any(word.partition("=")[0] in ("--root", "-r") for word in words)
    return [words[0], *words[3:]] if words[1:2] == ["--search-root"] and named else words


def _variable(error: Exception) -> str:
    """Which INVOKE_* variable it was, as far as the error tells."""
    given = _given(error)
    names = [
        name for name, value in os.environ.items() if name.startswith("INVOKE_") and repr(value) == given
    ]
    where = ", ".join(names) or "an INVOKE_* variable"
    return f"error: {where}: {error}. Correct or unset it."


def _given(error: Exception) -> str:
    """``'abc'``: the word that was no number."""
    return str(error).rpartition(": ")[2]


def main() -> None:
    """The entry point of the command `aks-flow` and of `./inv`, each by its own name."""
    try:
        workflow_variables.take(os.environ)
    except AksFlowError as error:
        sys.exit(f"error: {error}")
    names = ["./inv", "inv"] if sys.argv[0] == __file__ else ["aks-flow"]
    program = FlowProgram(
        name="aks-flow",
        binary=names[0],
        binary_names=names,
        version=__version__,
        config_class=FlowConfig,
    )
    with streams.lasting():
        program.run()


if __name__ == "__main__":
    main()
