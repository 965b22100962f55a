"""Where a fault is in a catalogue: the steps that lead to it in the file, and what turns them into a location."""

from __future__ import annotations

from collections.abc import Callable

from xlperf.findings import Location

Steps = tuple[object, ...]
"""Keys and indexes from the top of the file: ("kpis", 3, "targets", 0)."""
LocationOf = Callable[[Steps], Location]
