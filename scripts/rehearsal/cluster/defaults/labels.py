"""Labels that the server keeps."""

from scripts.rehearsal.cluster.defaults.fill import part


def namespace(item: dict) -> None:
    """Namespaces can be selected by their name."""
    metadata = part(item, "metadata")
    part(metadata, "labels")["kubernetes.io/metadata.name"] = metadata.get("name", "")
