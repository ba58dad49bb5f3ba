"""Is everything there that work stands on? Looks without ordering or changing anything, and shows no secret.

Each part is looked at by a check of its own. They run side by side; one that fails or hangs spoils no other, and what
they find is told in one order, whatever ends first.
"""

from flows.doctor.checklist import checklist
from flows.doctor.doctor_context import DoctorContext, doctor_context
from flows.doctor.runner import Check, Part, look_after

__all__ = ["Check", "DoctorContext", "Part", "checklist", "doctor_context", "look_after"]
