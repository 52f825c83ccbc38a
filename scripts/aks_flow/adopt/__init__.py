"""A repository becomes a project: what it has is read, what it lacks is written, nothing of it is changed.

survey/: what there is. answers: what is to be, asked or given. content/: the text of each file.
"""
