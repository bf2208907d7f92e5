"""Pages of the tree, of sign-in and of errors."""
