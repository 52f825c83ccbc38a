"""A new machine: a minimal Debian with Python and git, where the README's commands are run as they stand.

As root, any line is run in one, in a clone of HEAD, by `python -m tests.e2e.newcomer trixie "./inv test"`.
"""
