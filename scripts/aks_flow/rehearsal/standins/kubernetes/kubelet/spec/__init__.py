"""What a Pod asks for, as Docker container configurations: pure functions of the Pod and resolved facts."""
