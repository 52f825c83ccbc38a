"""Byte-exact edits of YAML: text in, text out, and only the wanted value differs.

A value is found in the parser's events, whose marks say exactly where it stands; the text is spliced there
and parsed again to prove that nothing else changed.
"""

from scripts.manifests.errors import EditError
from scripts.manifests.fields import get, set_scalar, set_word
from scripts.manifests.files import Change, edit_files
from scripts.manifests.images import images, set_image

__all__ = ["Change", "EditError", "edit_files", "get", "images", "set_image", "set_scalar", "set_word"]
