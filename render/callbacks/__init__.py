"""What happens when a vendor calls back? Webhooks: a server that takes calls, and a listener that wakes who waits.

A call is a wake-up and never a fact: it reaches whoever waits through the ledger, and they ask the vendor.
"""

from render.callbacks.callback_server import Callbacks, listen
from render.callbacks.public_url import read_public_url

__all__ = ["Callbacks", "listen", "read_public_url"]
