"""The gates of an environment: what must hold before the pull path brings a version there.

`gates.Gatekeeper` asks all of them. `soak`, `checks`, `commands` and `approvals` know one gate each: they
read what git, GitHub or the command says, and give a sentence for what is missing.
"""
