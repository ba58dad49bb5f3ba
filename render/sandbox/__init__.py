"""The sandbox: a stand-in for the four hosted vendors on this machine.

It speaks each vendor's dialect as its pages document it, keeps books of its own, delivers real clips, and goes wrong
on demand. It shares no code with the clients that buy from it, so that a wrong client is found out.
"""

from render.sandbox.faults import BadPlan, Fault, planned
from render.sandbox.serving import Sandbox, listen

__all__ = ["BadPlan", "Fault", "Sandbox", "listen", "planned"]
