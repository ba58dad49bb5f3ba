"""Does a vendor's invoice say what the ledger says? Reads it, and holds it against the ledger job by job."""
