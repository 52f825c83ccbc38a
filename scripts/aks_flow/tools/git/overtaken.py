"""git's words for a push that somebody else's came before, or is under way."""

import re

WORDS = re.compile(
    r"non-fast-forward|fetch first|stale info|cannot lock ref|failed to update ref|incorrect old value"
    r"|reference already exists|\(already exists\)|unable to create '[^']*\.lock'"
    r"|not our ref|unadvertised object",
    re.IGNORECASE,
)
