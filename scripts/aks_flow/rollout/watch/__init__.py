"""Watching a goal on a cluster until there is a verdict, and gathering its evidence.

runner (follows, or only asks) ─► snapshots ─► verdict.facts ─► verdict.verdict ─► evidence
"""
