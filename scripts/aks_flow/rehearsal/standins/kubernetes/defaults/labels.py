"""Labels that the server keeps."""

from aks_flow.rehearsal.standins.kubernetes.defaults.fill import part


def namespace(item: dict) -> None:
    """Namespaces can be selected by their name."""
    metadata = part(item, "metadata")
    part(metadata, "labels")["kubernetes.io/metadata.name"] = metadata.get("name", "")
