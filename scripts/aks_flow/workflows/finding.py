"""What a check found."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from aks_flow.workflows.tree import Workflow


@dataclass(frozen=True)
class WorkflowFinding:
    """rule: the check's name. what: the fault. do: what removes it. line: from 1."""

    file: str
    line: int
    rule: str
    what: str
    do: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}: {self.what}. {self.do}"


# A fault of one workflow: line, rule, what, do.
WorkflowFault = tuple[int, str, str, str]
WorkflowCheck = Callable[[Workflow], Iterable[WorkflowFault]]
