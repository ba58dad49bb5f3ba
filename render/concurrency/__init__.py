"""Who works on something now, and until when? Leases, locks of processes, steps that run to their end."""
