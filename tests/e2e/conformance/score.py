"""The score of a conformance run, for the summary at its end."""

from dataclasses import dataclass


@dataclass
class Score:
    """Commands answered as recorded, and HTTP exchanges with the recorded status, kind and shape."""

    commands: int = 0
    steps: int = 0
    alike: int = 0
    exchanges: int = 0

    def count(self, conforms: bool, alike: int, exchanges: int) -> None:
        self.steps += 1
        self.commands += conforms
        self.alike += alike
        self.exchanges += exchanges

    def __str__(self) -> str:
        return (
            f"conformance: {self.commands} of {self.steps} commands, "
            f"{self.alike} of {self.exchanges} exchanges (status, kind and shape)"
        )
