"""One pod's life: sandbox, init containers, containers and their restarts, termination."""
