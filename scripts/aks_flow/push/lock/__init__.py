"""One delivery at a time to an environment: its lock taken, kept alive, given back."""
