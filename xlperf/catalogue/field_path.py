"""Where a fault is in a catalogue: the path to its field in the file, and what turns it into a location."""

from __future__ import annotations

from collections.abc import Callable

from xlperf.findings import Location

FieldPath = tuple[object, ...]
"""Keys and indexes from the top of the file: ("kpis", 3, "targets", 0)."""
LocationOf = Callable[[FieldPath], Location]
