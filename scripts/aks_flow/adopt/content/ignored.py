"""The lines of .gitignore and .gitattributes."""

from aks_flow.adopt.package import HOME

# What runs leave at the project's top.
IGNORED = (
    f"/{HOME}/*",
    f"!/{HOME}/*.whl",
    "/.rehearsal/",
    "/.rehearsal.lock",
    "/.rehearsal.turn.lock",
    "/.azure/",
    "/environments.html",
)
# A shell reads no line that ends in a carriage return.
ATTRIBUTES = ("/inv text eol=lf", "/aks-flow.txt text eol=lf")
