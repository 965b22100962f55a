"""Drafts of the notices that decisions about escalation ask for. A person sends them; nothing is sent from here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xlperf.assessment import Assessment
from xlperf.durable import replace_file
from xlperf.errors import WorkspaceError
from xlperf.ledger import Drafted, Ledger
from xlperf.report.notice_words import Notice, NoticeKind, in_dispute, letters, notices
from xlperf.workflow.cycle.file_names import file_safe
from xlperf.workflow.cycle.mail import draft, unreadable
from xlperf.workflow.master.lineage import ledger_must_have_masters_run
from xlperf.workflow.workspace import Workspace, reporting_period
from xlperf.workflow.workspace.lock import locked
from xlperf.workflow.workspace.run import Run
from xlperf.workflow.workspace.unfinished import finish, making, place_notices


@dataclass(frozen=True, slots=True)
class DraftedNotices:
    """What was drafted.

    Attributes:
        period: the key of the reporting period.
        files: each draft, with the notice that it is of, in order.
        before: how many notices were left out, as they had been drafted before.
        disputed: the cases of which there is none, as two people have decided about them.
    """

    period: str
    files: Sequence[tuple[Path, Notice]]
    before: int
    disputed: Sequence[str]

    def as_record(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "period": self.period,
            "drafted": [
                {"notice": str(notice.kind), "ref": notice.key[0], "org": notice.key[1], "file": str(path)}
                for path, notice in self.files
            ],
            "drafted_before": self.before,
            "in_dispute": list(self.disputed),
        }


def draft_notices(
    workspace: Workspace, period: str, run: Run, *, with_letters: bool = False, again: bool = False
) -> DraftedNotices:
    """Draft each notice about the decisions of a period that was not drafted before.

    Args:
        workspace: where.
        period: the reporting period; see `report.notice_words.notices` for which decisions are of it.
        run: when and by whom.
        with_letters: whether to draft a letter after a review for each executive, too.
        again: whether also what was drafted before.

    Raises:
        UsageError: the period is not in the calendar.
        TemplateError: a template cannot be used.
        WorkspaceError: the drafts cannot be written, or another is at work.
        CatalogueError, LedgerError: what it is about cannot be read.
    """
    catalogue = workspace.catalogue()
    reporting = reporting_period(catalogue, period)
    with locked(workspace, "drafting notices", run):
        ledger = workspace.ledger()
        state = ledger.state()
        finish(workspace, state)
        ledger_must_have_masters_run(workspace, state)
        assessment = Assessment(catalogue, state, reporting, run.now)
        every = [*notices(assessment), *(letters(assessment) if with_letters else ())]
        known = {(each.notice, each.ref, each.org, each.made) for each in state.drafted}
        to_draft = every if again else [each for each in every if each.identity not in known]
        drafts = list(_drafts(workspace, to_draft))
        placed = _recorded(workspace, ledger, str(reporting), drafts, run) if drafts else []
        if placed and (odd := unreadable(person for each in to_draft for person in (*each.to, *each.cc))):
            run.tell(odd)
    return DraftedNotices(str(reporting), placed, len(every) - len(to_draft), in_dispute(assessment))


def _drafts(workspace: Workspace, to_draft: Sequence[Notice]) -> Iterator[tuple[str, bytes, Notice]]:
    names: dict[str, int] = {}
    for notice in to_draft:
        template = workspace.template(notice.kind.template)
        to, cc = ([address for _, address in people] for people in (notice.to, notice.cc))
        message = draft(template, notice.words, to="; ".join(filter(None, to)), cc=cc)
        stem = file_safe(" ".join(filter(None, (_CALLED[notice.kind], *notice.key))))
        names[stem] = names.get(stem, 0) + 1
        number = f" {names[stem]}" if names[stem] > 1 else ""
        yield f"{stem}{number}.eml", message, notice


_CALLED = {
    NoticeKind.DECISION: "Decision",
    NoticeKind.INFORMATION: "For information",
    NoticeKind.GOOD_NEWS: "Good news",
    NoticeKind.LETTER: "Letter",
}


def _recorded(
    workspace: Workspace, ledger: Ledger, period: str, drafts: Sequence[tuple[str, bytes, Notice]], run: Run
) -> list[tuple[Path, Notice]]:
    """Write the drafts, record them, and put them in their place."""
    folder = workspace.returns / period / "notices"
    try:
        with making(folder) as hidden:
            place = _free(folder / f"{run.now:%Y-%m-%d %H%M%S}")
            (hidden / place.name).mkdir()
            for name, message, _ in drafts:
                replace_file(hidden / place.name / name, message)
    except OSError as error:
        raise WorkspaceError(f"{folder}: cannot be written ({error}); no notice was made") from error
    placed = [(place / name, notice) for name, _, notice in drafts]
    records = [
        Drafted(str(notice.kind), *notice.key, notice.made, path.relative_to(workspace.root).as_posix())
        for path, notice in placed
    ]
    ledger.append("notices", records, at=run.now, by=run.by)
    # From here on the ledger says what is to become of the hidden folder: this run moves its files, or the next.
    try:
        place_notices(hidden, records)
        hidden.rmdir()
    except OSError as error:
        raise WorkspaceError(
            f"{folder}: the notices are recorded, and cannot be moved there ({error}); try again"
        ) from error
    return placed


def _free(place: Path) -> Path:
    """The place, or one beside it, if notices of the same second are there."""
    while place.exists():
        place = place.with_name(f"{place.name} again")
    return place
