"""Who outside is told what happened, and how does it get there? Outgoing webhooks, signed, by a transactional outbox.

Messages are written by `render.ledger`, in the transactions of what they tell. Here they are signed as Standard
Webhooks describe it (https://www.standardwebhooks.com) and sent to the endpoints that an operator names, at least once.
"""
