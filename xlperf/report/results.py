"""What the command line and the add-in say about a result: the same sentences in both, as lines of text.

The shapes of the results are declared here, as this room knows no use case: each is what the use case of that name
returns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from xlperf.assessment.action_standing import Actions
from xlperf.assessment.approvals import DraftStanding
from xlperf.assessment.counts import Counts
from xlperf.assessment.past import PastChanges
from xlperf.assessment.return_counts import ReturnCounts
from xlperf.findings import Finding, Severity, plain
from xlperf.ledger.records import REJECTED, Received
from xlperf.report.count_words import accounted_for, in_one_line
from xlperf.report.past_words import not_past_heading, not_past_lines, past_heading, past_lines
from xlperf.report.saved_words import NOT_SAVED

_KEEPS_FIGURES_OUT = (Severity.REJECT_RETURN, Severity.HOLD, Severity.REJECT_ROW)
_FINDINGS_PER_FILE = 5
LISTED_IN_SHORT = 5
"""The most files, owners or findings that a message box lists."""


class IgnoredFile(Protocol):
    """A file in a received folder that was not judged, and why."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def why(self) -> str: ...  # noqa: D102


class WrittenMaster(Protocol):
    """Where the master was written; `pending` says why a new master stands beside the old one, "" where it does not."""

    @property
    def path(self) -> Path: ...  # noqa: D102
    @property
    def pending(self) -> str: ...  # noqa: D102
    @property
    def is_saved(self) -> bool: ...  # noqa: D102
    @property
    def is_written(self) -> bool: ...  # noqa: D102
    @property
    def grown(self) -> Sequence[str]: ...  # noqa: D102


class Collation(Protocol):
    """What a collation did."""

    @property
    def period(self) -> object: ...  # noqa: D102
    @property
    def judged(self) -> Sequence[tuple[str, Received]]: ...  # noqa: D102
    @property
    def ignored(self) -> Sequence[IgnoredFile]: ...  # noqa: D102
    @property
    def new_records(self) -> int: ...  # noqa: D102
    @property
    def findings(self) -> Sequence[Finding]: ...  # noqa: D102
    @property
    def replaced(self) -> frozenset[str]: ...  # noqa: D102
    @property
    def past(self) -> PastChanges: ...  # noqa: D102
    @property
    def written(self) -> WrittenMaster: ...  # noqa: D102
    @property
    def counts(self) -> Counts | None: ...  # noqa: D102


class OwnerStatus(Protocol):
    """How one owner stands in a period: the outcome of the last file, "" for `file` where there is none."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def outcome(self) -> str: ...  # noqa: D102
    @property
    def file(self) -> str: ...  # noqa: D102
    @property
    def held(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def perhaps(self) -> Sequence[str]: ...  # noqa: D102


class PeriodStatus(Protocol):
    """How a reporting period stands."""

    @property
    def period(self) -> str: ...  # noqa: D102
    @property
    def deadline(self) -> str: ...  # noqa: D102
    @property
    def owners(self) -> Sequence[OwnerStatus]: ...  # noqa: D102
    @property
    def unmatched(self) -> Sequence[Received]: ...  # noqa: D102
    @property
    def returns(self) -> ReturnCounts: ...  # noqa: D102
    @property
    def actions(self) -> Actions: ...  # noqa: D102
    @property
    def draft(self) -> DraftStanding | None: ...  # noqa: D102


def collated(result: Collation, most: int | None = None) -> list[str]:
    """What became of every file, and where the master is.

    Args:
        result: of the collation.
        most: how many ignored files, and how many findings, are listed at most; None for all of them.
    """
    received = [judgement for _, judgement in result.judged]
    accepted = sum(judgement.is_accepted for judgement in received)
    rejected = _rejected(len(received) - accepted, sum(judgement.is_held for judgement in received))
    files, rows = len(received) + len(result.ignored), sum(len(judgement.refused) for judgement in received)
    counts = f"{_number(files, 'file')} = {accepted} accepted + {rejected} + {len(result.ignored)} ignored"
    lines = [f"{result.period}: {counts}; {_number(rows, 'row')} refused."]
    ignored = [f"  Ignored: {plain(entry.name)}: {entry.why}." for entry in result.ignored]
    lines += _listed(ignored, most, "ignored files")
    in_place = [(name, each) for name, each in result.judged if each.sha256 not in result.replaced]
    problems = list(_problems(in_place))
    warnings = list(_warnings(each for each in in_place if each[1].period == str(result.period)))
    lines += _listed(problems, most, "lines on the Findings sheet")
    lines += _listed(warnings, most, "files with warnings, on the Findings sheet")
    lines += _listed([f"  {item.severity}: {item}" for item in result.findings], most, "on the Findings sheet")
    if problems:
        lines.append("Do what each line above says, then collate again.")
    new = f"{_number(result.new_records, 'new record')} in the ledger." if result.new_records else "Nothing new."
    shown = [f"{in_one_line(result.counts)}."] if result.counts else []
    return [*lines, new, *_past(result.past, result.written), *shown, *_master(result.written)]


ACCEPT_BY_COMMAND = (
    "If that is right: xlperf collate --accept-catalogue (the ledger keeps who accepted what). If it is not, correct "
    "the catalogue and collate again. What was received is in the ledger either way."
)
"""What to do where past figures would change; the add-in asks instead."""


def accept_question(result: Collation, most: int) -> str:
    """What the add-in asks where past figures would change, with at most so many lines about them."""
    lines = _listed(list(_past(result.past, result.written)), most + 1, "KPIs; 'xlperf collate' lists them all")
    return "\n".join([*lines, "", "Show them so from now on? The ledger keeps who accepted it."])


def _rejected(count: int, held: int) -> str:
    return f"{count} rejected" + (f" (of them {held} held for the team)" if held else "")


def _problems(judged: Iterable[tuple[str, Received]]) -> Iterator[str]:
    """The name and outcome of each file with findings that keep figures out of the master, and those findings."""
    for name, judgement in judged:
        problems = [item for item in judgement.findings if item.severity in _KEEPS_FIGURES_OUT]
        if not problems:
            continue
        yield f"  {plain(name)}: {judgement.outcome}"
        yield from (f"    {finding_words(item)}" for item in problems[:_FINDINGS_PER_FILE])
        if len(problems) > _FINDINGS_PER_FILE:
            yield f"    … and {len(problems) - _FINDINGS_PER_FILE} more in this file"


def _warnings(judged: Iterable[tuple[str, Received]]) -> Iterator[str]:
    """How many warnings and notes each accepted file has, by kind; they are on the Findings sheet one by one."""
    for name, judgement in judged:
        if not judgement.is_accepted:
            continue
        titles = Counter(item.kind.title for item in judgement.findings if item.severity is Severity.WARNING)
        if titles:
            kinds = ", ".join(f"{title} ({count})" if count > 1 else title for title, count in titles.most_common())
            yield f"  {plain(name)}: {_number(titles.total(), 'warning')} on the Findings sheet: {kinds}"


def finding_words(item: Finding) -> str:
    """A finding below the name of its file: how grave it is, its code, its place, what is wrong and what to do."""
    cell = f"{item.location.sheet}!{item.location.cell}" if item.location.cell else ""
    place = cell or " ".join(filter(None, item.location.figure_key))
    return f"{item.severity}: {item.code} {f'{place}: ' if place else ''}{item.sentences}"


def _past(changes: PastChanges, written: WrittenMaster) -> Iterator[str]:
    """What is shown otherwise than before, though no return has changed it, or would be."""
    if changes.is_unknown and not written.is_written:
        yield (
            "The catalogue by which figures were shown last is lost, and there is no master, so nobody can tell which "
            "past figures the present one changes. No master was made."
        )
    elif changes.changes and not written.is_written:
        yield f"{past_heading(changes)} would be shown otherwise than before, so the master was left as it was:"
    elif changes.changes:
        yield f"{past_heading(changes)} shown otherwise than before, as was accepted:"
    yield from (f"  {plain(line)}" for line in past_lines(changes))
    if changes.not_past and written.is_written:
        yield f"{not_past_heading(changes)} shown otherwise than before:"
        yield from (f"  {plain(line)}" for line in not_past_lines(changes))


def _master(written: WrittenMaster) -> Iterator[str]:
    if not written.is_written:
        return
    yield from written.grown
    yield f"Master: {written.path}"
    if written.pending:
        yield f"But {written.pending}."
    elif not written.is_saved:
        yield NOT_SAVED


def status(result: PeriodStatus, most: int | None = None) -> list[str]:
    """Who has returned for a period, and whose return is missing, rejected or held; at most `most` names of each."""
    if not result.owners:
        return [f"No returns have been issued for {result.period} yet."]
    lines = [f"{result.period}, due {result.deadline}: {accounted_for(result.returns)}."]
    groups = {
        "Nothing received from": [owner.name for owner in result.owners if not owner.file and not owner.perhaps],
        "Perhaps returned, in a file that was not read": [
            f"{owner.perhaps[0]} ({owner.name})" for owner in result.owners if owner.perhaps and not owner.file
        ],
        "Rejected": [owner.name for owner in result.owners if owner.outcome == REJECTED],
        "Held for the team to look at": [f"{owner.held[-1]} ({owner.name})" for owner in result.owners if owner.held],
        "Files that name no owner": [received.file for received in result.unmatched],
    }
    lines += [f"{heading}: {_names(names, most)}." for heading, names in groups.items() if names]
    lines += _actions(result.actions, most)
    if result.draft is not None:
        from xlperf.report.edition_words import draft_words

        lines += draft_words(result.draft)
    return [*lines, "As of the last collation. Collate again to read what has come in since."]


def _actions(actions: Actions, most: int | None) -> Iterator[str]:
    """How many actions are to be done, and which of them are overdue, the longest first."""
    from xlperf.report.count_words import action_words

    if words := action_words(actions.counts):
        yield f"{words[0].upper()}{words[1:]}."
    overdue = [f"{each.action.id or 'new'} ({each.action.owner or 'nobody named'}, {_number(each.days_overdue, 'day')})"
               for each in actions.overdue]  # fmt: skip
    if overdue:
        yield f"Overdue actions: {_names(overdue, most)}."


def generated(period: str, files: Sequence[Path], superseded: int, left_out: Sequence[tuple[str, str]]) -> list[str]:
    """The returns that were written and where they are, what they supersede, and which owners get none and why."""
    lines = [f"{_number(len(files), 'return')} for {period}."]
    if files:
        lines.append(f"Send what is in {files[0].parent}: each return has a covering e-mail draft.")
    if superseded:
        lines.append(f"{_number(superseded, 'earlier return')} superseded, now in issued/superseded.")
    return [*lines, *(f"  None for {name}: {why}." for name, why in left_out)]


def chased(period: str, drafts: Sequence[Path]) -> list[str]:
    """The reminder drafts that were written, and where they are."""
    if not drafts:
        return [f"0 reminder drafts for {period}: nobody needs one now."]
    return [
        f"{_number(len(drafts), 'reminder draft')} for {period}, copied to executives whose address the catalogue has.",
        f"Send what is in {drafts[0].parent}.",
    ]


def noticed(period: str, drafts: Sequence[Path], before: int, disputed: Sequence[str]) -> list[str]:
    """The notices that were drafted and where they are, how many had been before, and of what there is none."""
    lines = [f"{_number(len(drafts), 'notice')} drafted for {period}; nothing is sent."]
    lines += [f"  {path.name}" for path in drafts]
    if drafts:
        lines.append(f"Read, complete and send what is in {drafts[0].parent}.")
    if before:
        lines.append(f"{_number(before, 'notice')} drafted before; --again drafts what was drafted once more.")
    if disputed:
        lines.append(f"Two people have decided about {'; '.join(disputed)}: choose on Escalation first.")
    return lines


def publish_question(period: str, doubts: Sequence[str]) -> str:
    """What the add-in asks before it publishes an edition that may show less than its readers expect."""
    return "\n".join([*map(_sentence, doubts), "", f"Publish the edition of {period} all the same?"])


def published(
    period: str, workbook: Path, files: Sequence[tuple[str, Path]], doubts: Sequence[str], lacking: Sequence[str]
) -> list[str]:
    """Where an edition is and what was made beside it, each with its name, and what people should know of it."""
    return [
        *(f"Note: {plain(_sentence(words))}" for words in (*doubts, *lacking)),
        f"Edition of {period}: {workbook}",
        *(f"{name}: {path}" for name, path in files),
        *([] if files else ["For paper or a PDF, print the Dashboard sheet of that workbook."]),
        "Your own sheets and notes are in it as you last saved the master.",
    ]


def _sentence(words: str) -> str:
    from xlperf.rules.escalation.phrases import capital

    return f"{capital(words)}."


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _names(names: Sequence[str], most: int | None) -> str:
    listed = names if most is None else names[:most]
    more = len(names) - len(listed)
    return ", ".join(map(plain, listed)) + (f" and {more} more" if more else "")


def _listed(lines: Sequence[str], most: int | None, rest: str) -> list[str]:
    listed = list(lines if most is None else lines[:most])
    more = len(lines) - len(listed)
    return [*listed, f"  … and {more} more {rest}"] if more else listed
