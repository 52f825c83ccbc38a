"""The answer to ``checkNameAvailability``, which several providers give in the same form."""

from aks_flow.rehearsal.standins.azure.arm.call import Answer

Problem = tuple[str, str]  # why a name cannot be had: code and message


def availability(problem: Problem | None, malformed: str, reason: str) -> Answer:
    """malformed: the problem's code for an invalid name; reason: the answer's word for it."""
    if not problem:
        return Answer({"nameAvailable": True})
    code, message = problem
    why = reason if code == malformed else "AlreadyExists"
    return Answer({"nameAvailable": False, "reason": why, "message": message})
