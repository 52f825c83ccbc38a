"""A project with two images: what is built, planned, applied, written down and taken back."""
