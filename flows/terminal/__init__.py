"""How does a command speak, and how is it stopped? Streams, tables, progress, signals."""
