"""Checks over GitHub workflow files: text in, findings with file and line out; nothing is run."""
