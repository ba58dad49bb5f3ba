"""How does a vendor get a reference? Files published for orders, and references that the YAML names by URL."""
