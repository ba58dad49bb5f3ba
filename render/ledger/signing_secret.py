"""The secret that signs what leaves for review: made once for a ledger, and told to nobody.

It lies in the ledger, because whoever imports notes writes into that ledger anyway: so what one machine of a team
exported is read on every other, and a copied project reads its own files. It leaves with no archive and no snapshot.
"""

from __future__ import annotations

import secrets

from sqlalchemy import insert

from render.ledger import queries
from render.ledger.database import Transaction
from render.ledger.tables import derived

_KEY = "secret:review:1"  # among the recipes, of which none begins so


def signing_secret(tx: Transaction) -> bytes:
    """The ledger's secret of 32 bytes, made now where there was none."""
    known = queries.derived(tx, _KEY)
    if known is None:
        known = secrets.token_hex(32)
        tx.conn.execute(insert(derived).values(key=_KEY, sha256=known, at=tx.now))
    return bytes.fromhex(known)
