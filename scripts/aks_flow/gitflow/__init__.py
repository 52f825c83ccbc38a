"""GitFlow: which branch a commit is on, which version it has, and how branches start and finish.

    feature/* ─► develop ─► release/X.Y.Z ─► main, tagged vX.Y.Z ─► develop
                              main ─► hotfix/X.Y.Z ─► main, tagged ─► develop

`version`, `notes` and `explain` are pure; `branch_of` and `version_facts` read; `start` and `finish` change
branches, and only a push that was asked for leaves the repository.
"""
