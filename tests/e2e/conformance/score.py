"""The score of a conformance run, for the summary at its end."""

from dataclasses import dataclass

from tests.e2e.conformance.exchanges import Likeness


@dataclass
class Score:
    """Commands answered as recorded, exchanges with the recorded status, bodies of the recorded shape."""

    commands: int = 0
    steps: int = 0
    alike: int = 0
    bodies: int = 0
    exchanges: int = 0

    def count(self, conforms: bool, alike: Likeness, exchanges: int) -> None:
        self.steps += 1
        self.commands += conforms
        self.alike += alike.exchanges
        self.bodies += alike.bodies
        self.exchanges += exchanges

    def __str__(self) -> str:
        return (
            f"conformance: {self.commands} of {self.steps} commands, "
            f"{self.alike} of {self.exchanges} exchanges (status, and kind and shape of {self.bodies} bodies)"
        )
