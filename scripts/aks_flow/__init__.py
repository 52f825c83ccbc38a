"""The package behind the tasks; docs/architecture.md says what passes between its modules."""
