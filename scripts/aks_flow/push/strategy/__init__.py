"""Other ways from an old version to a new one than a rolling update, with plain Kubernetes objects. Pure.

A *twin* is a Deployment beside the app's own: a canary and its baseline, or the green of blue and green. Its
pods have a label more, and so every Service, budget and network policy of the app's takes them in.
"""
