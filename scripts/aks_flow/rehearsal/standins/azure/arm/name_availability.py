"""The answer to ``checkNameAvailability``, which several providers give in the same form."""

from aks_flow.rehearsal.standins.azure.arm.call import Answer

Problem = tuple[str, str]  # why a name cannot be had: code and message


def availability(problem: Problem | None, malformed: str, reason: str) -> Answer:
    """malformed: the code of a name that nobody could have; reason: what the answer calls that."""
    if not problem:
        return Answer({"nameAvailable": True})
    code, message = problem
    why = reason if code == malformed else "AlreadyExists"
    return Answer({"nameAvailable": False, "reason": why, "message": message})
