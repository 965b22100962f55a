"""What a finding code means: its severity, its remedy, and what the program does with findings of the code."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a finding does to the return it is about, gravest first."""

    REJECT_RETURN = "reject return"
    """Nothing of the return is taken."""
    HOLD = "hold return"
    """Nothing of the return counts until a person releases it."""
    REJECT_ROW = "reject row"
    """The row's figure is not taken; the rest of the return is."""
    WARNING = "warning"
    """Taken, but somebody should look at it."""
    NOTE = "note"
    """Taken, and recorded only."""


@dataclass(frozen=True, slots=True)
class FindingKind:
    """A row of the table of finding codes: what findings of the code say, and what is done with them."""

    severity: Severity
    title: str
    fix: str
    _: KW_ONLY
    policy: str = ""
    """Name of the catalogue's policy that decides what the finding does to the return; "" where none does."""
    fix_rejected: str = ""
    """What to do where that policy rejects the return; "" where `fix` still holds."""
    fix_history: str = ""
    """What to do where the finding is about a file of history; "" where `fix` still holds."""
    is_for_team: bool = False
    """The performance team has to put it right; no owner is reminded of it."""
    is_of_rows: bool = False
    """About a row that was not issued, or is missing: adds nothing where the workbook is another return's."""
    is_unless_given_before: bool = False
    """A figure is missing, which is a problem only where no earlier return has it."""
    given_before: str = ""
    """Code of the finding that replaces this one where an earlier return has the figure; "" for none."""
    is_unread_file: bool = False
    """The file could not be opened, so its figures must not be taken as withdrawn."""
    is_of_the_moment: bool = False
    """The same bytes, read again, may not have it: the computer was busy, or reading stopped."""
    is_in_question: bool = False
    """Though nothing of the return was refused, somebody should ask about it at once."""
    is_later_refusal: bool = False
    """Refuses a figure that an earlier version of xlperf took."""
    is_later_reading: bool = False
    """An earlier version refused figures for it that a later version may read."""
    is_lost_run: bool = False
    """The contents of a run of the ledger are not available."""
