"""gh: functions that return its commands, and parsers of what it prints; a module for each thing asked."""

ANY = range(256)  # exit codes: its own words say why it failed
