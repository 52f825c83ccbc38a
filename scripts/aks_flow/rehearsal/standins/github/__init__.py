"""The stand-in for GitHub: a bare repository whose pushes run the real workflow files with act.

    git push ─► hook (receive) ─► runs/N, queued ─► service ─► act ─► runs/N, with its log

`event`, `matching` and `queue` decide and touch nothing; `runs` keeps what happened; `running` carries one
run out. What GitHub does and act does not is listed with each run (`./inv workflows.fidelity`).
"""
