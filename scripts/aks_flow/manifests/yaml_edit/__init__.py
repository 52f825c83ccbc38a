"""Byte-exact edits of YAML: text in, text out, and only the wanted value differs.

A value is found in the parser's events, whose marks say exactly where it stands; the text is spliced there
and parsed again to prove that nothing else changed.
"""
