"""The one error root: every message says what failed, where, and what to do next."""


class AksFlowError(Exception):
    """An expected failure: shown to a person as one sentence, never as a traceback.

    what: the failure, a sentence without its full stop.
    where: the file, key, object or address it happened at.
    next_step: what the person can do now.
    unanswered: whether all that is wrong is that no answer came: a moment later it may succeed.
    """

    exit_code = 1
    unanswered = False

    def __init__(self, what: str, *, where: str = "", next_step: str):
        super().__init__(what)
        self.what, self.where, self.next_step = what, where, next_step

    @property
    def in_one_line(self) -> str:
        """The failure alone, for a place where it is one of several things that are said."""
        return " ".join(self.what.split())

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        end = "" if text.endswith("\n") else ". "  # a quotation ends with its own line
        return f"{text}{end}{self.next_step}"
