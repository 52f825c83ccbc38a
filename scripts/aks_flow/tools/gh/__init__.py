"""gh: functions that return its commands, and parsers of what it prints; a module for each thing asked."""

ANY = range(256)  # exit codes: its own words say why it failed
MISSING = "HTTP 404"  # what gh says on standard error of what GitHub does not have, or does not show
