"""What a repository has: its files, Dockerfiles, manifests, and the images that these mention."""
