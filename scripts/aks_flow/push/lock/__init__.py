"""One delivery at a time to an environment: its lock acquired, renewed, released."""
