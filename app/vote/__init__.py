"""A voting page: Flask in front, Redis behind."""
