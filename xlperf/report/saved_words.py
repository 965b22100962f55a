"""What is said of a master that has not been saved; apart, as it is also said where nothing else is loaded."""

from __future__ import annotations

NOT_SAVED = "The master is open in Excel and has not been saved. Save the workbook when you are ready."
