"""What a producer looks at beside the master: the contact sheet."""

from __future__ import annotations

from render.report.contact_sheet import SheetEntry, contact_sheet

__all__ = ["SheetEntry", "contact_sheet"]
