"""Where pushes are written down: a Secret for each, in the environment's namespace, with these labels."""

LABELS = {"app.kubernetes.io/managed-by": "aks-flow", "app.kubernetes.io/component": "history"}
