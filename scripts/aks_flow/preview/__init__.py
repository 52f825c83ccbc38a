"""Previews: the environments that pull requests get, and lose when they close or get old."""
