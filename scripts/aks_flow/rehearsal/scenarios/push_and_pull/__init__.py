"""`rehearse`: both paths, each on its own under load; `both_paths` plays them one after the other."""
