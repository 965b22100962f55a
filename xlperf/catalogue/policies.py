"""Policies: what becomes of a return about which something is not as it should be."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from xlperf.catalogue.fields import Model


class Policy(StrEnum):
    """What becomes of a return in a given case."""

    ACCEPT = "accept"
    """Taken, with a warning."""
    HOLD = "hold"
    """Read and kept, and counted only once a person releases it."""
    REJECT = "reject"
    """Not taken; its owner is told why."""


NotAccepted = Literal["hold", "reject"]
"""Where nobody can be sure whose figures they are, a program may not take them by itself."""


class ReturnPolicies(Model):
    """What becomes of a return, case by case: `accept` (with a warning), `hold` for the team, or `reject`."""

    unknown_id: NotAccepted = Field("reject", description="Its hidden id was not issued by this ledger.")
    edited_identity: NotAccepted = Field(
        "reject", description="Its hidden id was issued to another owner, for another period or with another serial."
    )
    other_rows: NotAccepted = Field(
        "reject", description="Its rows are those of another return than its hidden identity says."
    )
    partly_edited_identity: Policy = Field(
        Policy.ACCEPT, description="Its hidden identity is right, but what else stands there was changed or doubled."
    )
    superseded: Policy = Field(Policy.ACCEPT, description="A newer return was issued to this owner for this period.")
    closed_period: Policy = Field(Policy.ACCEPT, description="It came after the hard close of its period.")
    other_folder: Policy = Field(Policy.ACCEPT, description="It lies in the received folder of another period.")
    older_catalogue: Policy = Field(Policy.ACCEPT, description="It was issued from another catalogue than the present.")
    older_template: Policy = Field(Policy.ACCEPT, description="It was issued from an older return template.")
    newer_template: Policy = Field(
        Policy.REJECT, description="It was issued by a newer xlperf, whose returns this one may misread."
    )
    changed_locked_cells: Policy = Field(
        Policy.ACCEPT, description="Cells that its owner is not meant to change were: a KPI's words, target or past."
    )


class Returns(Model):
    """How returns are taken in."""

    policies: ReturnPolicies = ReturnPolicies()
