"""The shape of an escalation ladder: stages, what takes a KPI or a section into and out of each, and who is told.

Every framework publishes another ladder, so stages and their rules are data. A rule that a ladder does not use is left
out; of those it gives, any one takes in, and all together take out.
"""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field, model_validator

from xlperf.catalogue.fields import Id, Model, Text, newer


class EntryRule(Model):
    """What takes a KPI into a stage: any one of the rules given."""

    consecutive_red: int | None = Field(None, ge=1, description="Red in this many periods running.")
    red_with_concern: bool = Field(False, description="Red, while its variation is of concern (SPC).")
    consistently_failing: bool = Field(False, description="Its process is expected to miss the target (SPC assurance).")
    deteriorating_for: int | None = Field(
        None, ge=1, description="Worse in this many periods since the next milder stage was decided, and still Red."
    )
    action_overdue_days: int | None = Field(
        None, ge=0, description="Off target, with an action more than this many days past its due date."
    )
    action_moved: int | None = newer(
        None, since="0.2.0", ge=1, description="Off target, with an action whose date was put off this many times."
    )
    early_warning: bool = newer(
        False, since="0.2.0", description="Off target, by a fall that 'rules: early_warning: fall_after' warns of."
    )

    @model_validator(mode="after")
    def _says_something(self) -> EntryRule:
        if self == EntryRule.model_construct():
            raise ValueError(f"give at least one of {', '.join(EntryRule.model_fields)}")
        return self


class ExitRule(Model):
    """What takes a KPI out of a stage, to the next milder one: all of the rules given."""

    consecutive_not_red: int | None = Field(None, ge=1, description="Green or Amber in this many periods running.")
    consecutive_green: int | None = Field(None, ge=1, description="Green in this many periods running.")
    no_concern: bool = Field(False, description="Its variation is not of concern (SPC).")
    not_failing: bool = Field(False, description="Its process is not expected to miss the target (SPC assurance).")

    @model_validator(mode="after")
    def _counts_periods(self) -> ExitRule:
        if self.consecutive_not_red is None and self.consecutive_green is None:
            raise ValueError("give at least one of consecutive_green, consecutive_not_red")
        return self


class SectionEntryRule(Model):
    """What takes a section (a quadrant, domain or goal) of an org into a stage: any one of the rules given."""

    red_kpis: int | None = Field(None, ge=1, description="This many of its KPIs are Red.")
    red_percent: Decimal | None = Field(None, gt=0, le=100, description="This share of its rated KPIs is Red.")
    escalated_kpis: int | None = Field(None, ge=1, description="This many of its KPIs are in escalation by decision.")
    at_stage: Id | None = Field(None, description="Only KPIs at this stage or a graver one count as escalated.")

    @model_validator(mode="after")
    def _says_something(self) -> SectionEntryRule:
        if self.red_kpis is None and self.red_percent is None and self.escalated_kpis is None:
            raise ValueError("give at least one of red_kpis, red_percent, escalated_kpis")
        return self


class SectionExitRule(Model):
    """What takes a section out of a stage, to the next milder one."""

    periods_without: int = Field(ge=1, description="Reporting periods running in which no entry rule has been met.")


class AnyStage(Model):
    """What every stage has. Whoever decides, is told and how often it is reviewed is the ladder's unless said here."""

    id: Id
    name: Text
    rationale: Text = ""
    support: tuple[Text, ...] = ()
    decided_by: Text = ""
    told: tuple[Text, ...] = ()
    review_months: int | None = Field(None, ge=1, le=24, description="Reviewed this many months after each decision.")


class Stage(AnyStage):
    """One stage of the ladder for KPIs."""

    enter: EntryRule
    leave: ExitRule


class SectionStage(AnyStage):
    """One stage of the ladder for sections."""

    enter: SectionEntryRule
    leave: SectionExitRule


class Escalation(Model):
    """The escalation ladder, mildest stage first; for sections too where the framework has stages for them."""

    note: Text = Field("", description="Printed with the stages, such as that the ladder is an illustration.")
    no_stage: Text = Field("None", min_length=1, description="What it is called to be in no stage.")
    decided_by: Text
    told: tuple[Text, ...] = ()
    review_months: int | None = Field(None, ge=1, le=24, description="How often a stage is reviewed.")
    proposals_shown_to: tuple[Text, ...] = newer(
        (),
        since="0.2.0",
        description="Who also sees what is proposed and not yet decided; else the performance team, on its sheets, and "
        "those who decide. The dashboard is for the catalogue's 'board'.",
    )
    stages: tuple[Stage, ...] = Field(min_length=1)
    section_stages: tuple[SectionStage, ...] = ()

    @property
    def stage_names(self) -> tuple[str, ...]:
        """What may be decided, mildest first: no stage, the stages of KPIs, those that only sections have."""
        names = [self.no_stage, *(stage.name for stage in (*self.stages, *self.section_stages))]
        return tuple(dict.fromkeys(names))
