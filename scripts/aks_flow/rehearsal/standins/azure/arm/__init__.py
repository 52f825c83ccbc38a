"""Azure Resource Manager: paths, permissions, operations and errors, the same for every resource type."""
