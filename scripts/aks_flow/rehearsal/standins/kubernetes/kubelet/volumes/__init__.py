"""A pod's volumes: directories under the state directory, and volumes of the Docker engine."""
