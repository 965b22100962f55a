"""Makes the returns of a period: who gets one, and what is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from xlperf.assessment.action_standing import ActionStanding, actions_in, by_owner
from xlperf.catalogue import Catalogue, ResponsibleOwner
from xlperf.durable import sync_folder
from xlperf.findings import plain
from xlperf.ledger import Issued, State
from xlperf.period import Period
from xlperf.report.spark import spark
from xlperf.report.subject_names import subject_name
from xlperf.returns import layout
from xlperf.returns.action_rows import action_row
from xlperf.returns.commentary_asked import Watched
from xlperf.returns.filled_in import FilledValue
from xlperf.returns.identity import Identity, new_return_id
from xlperf.returns.issue import Promised, build_form
from xlperf.returns.locked import locked_of
from xlperf.returns.returned_action import IssuedAction
from xlperf.rules.keys import SeriesKey
from xlperf.workflow.cycle.file_names import file_safe
from xlperf.workflow.cycle.return_files import filling_of
from xlperf.workflow.cycle.return_writing import Writer, Writing, write_returns
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.run import Progress

if TYPE_CHECKING:
    from xlperf.assessment import Assessment


@dataclass(frozen=True)
class Issuing:
    """The returns of one reporting period, to be issued from a catalogue and what the ledger knows."""

    workspace: Workspace
    catalogue: Catalogue
    state: State
    reporting: Period
    now: datetime

    @cached_property
    def watched(self) -> Mapping[SeriesKey, Watched]:
        """What is to be explained again; not worked out where the catalogue asks for commentary always."""
        if self.catalogue.rules.commentary_when == "always":
            return {}
        from xlperf.assessment.to_explain import to_explain

        return to_explain(self._assessment)

    @cached_property
    def _assessment(self) -> Assessment:
        # Not loaded before it is needed: to load pandas takes as long as to make some hundred returns.
        from xlperf.assessment import Assessment

        return Assessment(self.catalogue, self.state, self.reporting, self.now)

    @cached_property
    def _actions(self) -> Mapping[str, tuple[ActionStanding, ...]]:
        """The numbered actions still to be done, by the id of who answers for each, the most overdue first."""
        actions = actions_in(self.catalogue, self.state, self.reporting, self.now.date())
        return by_owner(self.catalogue, [each for each in actions.open if each.action.id])

    @cached_property
    def _recovery(self) -> Mapping[str, Sequence[Mapping[str, FilledValue]]]:
        """The rows of the sheet Recovery, by the id of who returns the KPI; none before a stage was decided."""
        if not self.state.decision_in_force:
            return {}
        from xlperf.report.recovery_asked import recovery_asked

        return recovery_asked(self._assessment)

    def _promised(self, owner: str, actions: Sequence[ActionStanding]) -> Promised:
        deadline = self.catalogue.entry_by_period[self.reporting].return_deadline
        return Promised(
            tuple(map(self._action_row, actions)),
            frozenset(each.action.about for each in actions if each.action.due and each.action.due >= deadline),
            tuple(self._recovery.get(owner, ())),
        )

    def _action_row(self, standing: ActionStanding) -> Mapping[str, FilledValue]:
        name = subject_name(self.catalogue, standing.action.about)
        return action_row(standing.action, name, "; ".join(standing.reasons()))

    def owners(self, *, again: bool) -> tuple[list[ResponsibleOwner], list[tuple[str, str]]]:
        """Who gets a return; and, by name, who does not and why. `again`: also those who have returned."""
        due, left_out = self._parted(self.catalogue.responsible_owners, self._nothing_due)
        if again:
            return due, left_out
        not_done, are_done = self._parted(due, self._done)
        not_held, are_held = self._parted(not_done, self._held)
        return not_held, [*left_out, *are_done, *are_held]

    def _parted(
        self, owners: Sequence[ResponsibleOwner], why_not: Callable[[ResponsibleOwner], str]
    ) -> tuple[list[ResponsibleOwner], list[tuple[str, str]]]:
        """The owners of whom `why_not` says nothing; and the others by name, with what it says."""
        reasons = [(owner, why_not(owner)) for owner in owners]
        wanted = [owner for owner, reason in reasons if not reason]
        return wanted, [(owner.name, reason) for owner, reason in reasons if reason]

    def _nothing_due(self, owner: ResponsibleOwner) -> str:
        return "" if self.catalogue.due_from(owner, self.reporting) else "nothing is due"

    def _done(self, owner: ResponsibleOwner) -> str:
        return "already returned and accepted" if self._is_done(owner) else ""

    def _held(self, owner: ResponsibleOwner) -> str:
        held = self.state.held.get((owner.id, str(self.reporting)))
        return f"{plain(held.file)} is held for the team" if held else ""

    def _is_done(self, owner: ResponsibleOwner) -> bool:
        """Whether an owner's accepted return already asked for everything that is asked now."""
        used = self.state.in_use.get((owner.id, str(self.reporting)))
        issued = self.state.issued.get(used.return_id) if used else None
        if issued is None:
            return False
        due = self.catalogue.due_from(owner, self.reporting)
        asked = {(kpi.id, org.code, str(period)) for kpi, org, period in due}
        return asked <= set(issued.asked)

    def make(self, owners: Sequence[ResponsibleOwner], folder: Path, progress: Progress) -> list[Issued]:
        """Make the returns and their e-mail drafts, each named by the id of the return; see `place_returns`."""
        issued: list[Issued] = []

        def returns() -> Iterator[Writing]:
            for serial, owner in enumerate(owners, self.state.next_serial):
                record, writing = self._one(owner, serial)
                issued.append(record)
                yield writing

        templates = tuple(each.absolute() for each in self.workspace.templates("return.xlsx"))
        writer = Writer(templates, self.workspace.template("covering_email.txt").absolute(), folder.absolute())
        write_returns(returns(), len(owners), writer, progress)
        sync_folder(folder)
        return issued

    def _one(self, owner: ResponsibleOwner, serial: int) -> tuple[Issued, Writing]:
        """The record of an owner's return, and what is written of it."""
        identity = Identity(
            return_id=new_return_id(),
            serial=serial,
            owner=owner.id,
            period=str(self.reporting),
            catalogue_version=self.catalogue.version,
            catalogue_hash=self.catalogue.hash,
            template_version=layout.TEMPLATE_VERSION,
        )
        actions = self._actions.get(owner.id, ())
        form = build_form(
            self.catalogue,
            identity,
            self.state.now,
            watched=self.watched,
            draw=spark,
            promised=self._promised(owner.id, actions),
        )
        name = f"{file_safe(str(self.reporting))} {file_safe(owner.name)} {serial:04d}.xlsx"
        asked = tuple((str(row["Ref"]), str(row["Org"]), str(row["Period"])) for row in form.rows)
        fields = {key: value for key, value in identity.as_items() if key != "serial"}
        locked_cells = tuple(locked_of(row) for row in form.rows)
        commentary_for = tuple(str(row[layout.COMMENTARY_FOR.header]) for row in form.rows)
        record = Issued(
            serial=serial,
            file=name,
            asked=asked,
            locked=locked_cells,
            commentary_for=commentary_for,
            last_words=form.last_words,
            due=str(form.due),
            actions=tuple(IssuedAction(each.action.id, *each.action.opened_as) for each in actions),
            action_for=tuple(str(row[layout.ACTION_FOR.header]) for row in form.rows),
            promises=tuple((str(row["Ref"]), str(row["Org"]), str(row["Period"])) for row in form.recovery),
            **fields,
        )
        return record, Writing(identity.return_id, name, filling_of(form), owner.email)
