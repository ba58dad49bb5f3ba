"""How does YAML become shots? Defaults fall, names are resolved, every shot is spelled out."""
