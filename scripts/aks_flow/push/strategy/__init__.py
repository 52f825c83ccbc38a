"""Canary and blue-green: from an old version to a new one with plain Kubernetes objects.

A *twin* is a Deployment beside the app's own: a canary and its baseline, or the green of blue and green. Its
pods have one more label; so every Service, budget and network policy of the app's applies to them, too.
"""
