"""What a finding code means: its severity, its remedy, and what the program does with findings of the code."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a finding does to the return it was found in, gravest first."""

    REJECT_RETURN = "reject return"
    """Nothing of the return is taken."""
    HOLD = "hold return"
    """Nothing of the return counts until a person releases it."""
    REJECT_ROW = "reject row"
    """The row's figure is not taken; the rest of the return is."""
    WARNING = "warning"
    """Taken, and somebody should look."""
    NOTE = "note"
    """Taken; said for the record."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A row of the table of finding codes, and all that is done with findings of the code."""

    severity: Severity
    title: str
    fix: str
    _: KW_ONLY
    policy: str = ""
    """The policy of the catalogue that settles what it does to the return, by its name; "" where none does."""
    fix_rejected: str = ""
    """What to do instead where that policy rejects the return."""
    fix_history: str = ""
    """What to do instead where it is about a file of history."""
    is_for_team: bool = False
    """The performance team has to mend it; no owner is reminded of it."""
    is_of_rows: bool = False
    """Said of each row that was not issued, or that is missing: nothing new where the book is another return's."""
    is_unless_given_before: bool = False
    """No figure was given, which is a problem only where no earlier return gave it."""
    given_before: str = ""
    """The code of the finding that stands in its place there."""
    is_unread_file: bool = False
    """The file could not be got at, so what is in it is not known to have gone."""
    is_later_refusal: bool = False
    """A figure is refused for it that an earlier version of xlperf took."""
    is_later_reading: bool = False
    """A figure that an earlier version refused for it may be read by a later one."""
    is_lost_run: bool = False
    """What a run of the ledger holds cannot be had."""
