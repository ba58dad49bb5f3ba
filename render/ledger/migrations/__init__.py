"""How did the ledger's schema come to be? Step by step, as Alembic reads it. A released step is never changed."""
