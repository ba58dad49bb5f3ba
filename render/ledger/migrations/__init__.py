"""The ledger's schema, step by step, as Alembic reads it. A released step is never changed; add another."""
