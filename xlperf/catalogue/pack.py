"""What the pack of a meeting holds, and in which order."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from xlperf.catalogue.fields import Id, Model, Text, newer


class PackPart(StrEnum):
    """A part of a pack."""

    SUMMARY = "summary"
    QUESTIONS = "questions"
    DASHBOARD = "dashboard"
    BESIDE = "beside"
    EXCEPTIONS = "exceptions"
    ENQUIRIES = "enquiries"
    CELEBRATE = "celebrate"
    ESCALATION = "escalation"
    ACTIONS = "actions"
    RETURNS = "returns"
    GLOSSARY = "glossary"


BOARD_HAS = tuple(part for part in PackPart if part not in (PackPart.QUESTIONS, PackPart.ENQUIRIES))
"""The parts of a board's pack where the catalogue names none (see decision 103)."""
OTHERS_HAVE = tuple(part for part in PackPart if part is not PackPart.QUESTIONS)
"""The same of any other meeting, which is not public."""


class PackSettings(Model):
    """The board's pack, where 'meetings' lists no board."""

    # Left out of the catalogue's canonical form while it is the default, which may be more in a later version.
    parts: tuple[PackPart, ...] = newer(
        BOARD_HAS,
        since="0.2.0",
        description="Its parts in their order; one that has nothing to say is left out. `questions` (a page for each "
        "section) and `enquiries` (lines of enquiry, for a meeting that is not public) are in it only where named.",
        min_length=1,
    )
    sections: tuple[Id, ...] = Field((), description="Only these sections of the catalogue; all where none is named.")
    exceptions_per_page: Literal[1, 2, 3] = Field(
        3, description="How many exceptions stand on a page; with 3 of them one that has much to say takes more room."
    )
    logo: Text = Field("", description="A PNG or SVG file for the first page, from the folder of the catalogue.")


class PublicSettings(Model):
    """What everybody may read."""

    withhold_below: int = Field(
        5,
        ge=0,
        description="A number of people that is smaller, and not 0, is withheld, with what it could be worked out "
        "from: of the KPIs that say 'counts_people'. With 0 nothing is.",
    )
