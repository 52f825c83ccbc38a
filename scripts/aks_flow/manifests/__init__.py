"""An environment's manifests: rendered, put in order, edited byte for byte, checked."""
