"""Watching a goal on a cluster until there is a verdict, and gathering its evidence.

run (follows, or only asks) ─► snapshots ─► rollout.facts ─► rollout.verdict ─► evidence
"""
