"""Does a vendor's invoice say what the ledger says? Holds it against the ledger, and writes what orders cost."""
