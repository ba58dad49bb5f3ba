"""How is an order sent, followed, recovered and brought to its end? The life of a take, and of all takes of a run."""
