"""How do clips become one film? Which piece at which frame, one encoder, one join, one encode of the sound."""
