"""How are vendors tried without paying? The sandbox: a stand-in for the hosted vendors on this machine.

It speaks each vendor's dialect as its pages document it, keeps its own record of jobs and costs, delivers real clips,
and goes wrong on demand. It shares no code with the clients that buy from it, so that a wrong client is found out.
"""

from render.sandbox.child_process import Beside, sandbox_beside
from render.sandbox.dialects import VENDORS
from render.sandbox.faults import BadPlan, Fault, planned
from render.sandbox.sandbox_server import Sandbox, listen

__all__ = ["VENDORS", "BadPlan", "Beside", "Fault", "Sandbox", "listen", "planned", "sandbox_beside"]
