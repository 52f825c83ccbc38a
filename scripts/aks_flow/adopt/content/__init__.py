"""The text of each file that a project gets."""
