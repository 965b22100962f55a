"""Release: a person says what becomes of a return that was held for the team, or takes an accepted one back."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from xlperf.errors import UsageError
from xlperf.ledger import Received, Released, State
from xlperf.workflow.incoming.received import shown_name
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.run import Run

_SHORTEST = 8
"""Characters of a hash that are enough to name a file by."""


class Verdict(Enum):
    """What a person decides."""

    TAKE = "a return that was held is to count"
    REJECT = "a return that was held is not to count"
    TAKE_BACK = "a return that was accepted, without anybody being asked, is not to count any more"


def release(workspace: Workspace, which: str, run: Run, verdict: Verdict, reason: str = "") -> Received:
    """Take or reject a return that is held, or take an accepted one back; returns what it counts as now.

    That holds whatever it is judged to be later.

    The last word counts, so what was released can be rejected again, and the other way round. Nothing needs the
    workspace's lock: a run is added to the ledger, wholly or not at all, and the next collation shows it.

    Args:
        workspace: where.
        which: the name of the file, with or without its folder, or the first 8 or more characters of its sha256.
        run: when and by whom, for the ledger.
        verdict: what is decided.
        reason: why, in the person's words; needed for taking back.

    Raises:
        UsageError: there is no such file, or more than one; it was not held, or not accepted; a reason is missing; or
            it is to be taken, and nobody can say whose figures they are. Nothing has been recorded.
        LedgerError: the ledger cannot be used.
    """
    ledger = workspace.ledger()
    state = ledger.state()
    received = _find(state, which, verdict)
    if verdict is Verdict.TAKE_BACK:
        _must_be_taken_back(received, reason)
    elif not received.is_held and received.sha256 not in state.releases:
        raise UsageError(
            f"{received.file} is '{received.outcome}', not held, so there is nothing to release or reject; "
            "'xlperf status' names the returns that are held. To take back one that was accepted: --take-back"
        )
    if verdict is Verdict.TAKE and received.return_id not in state.issued:
        raise UsageError(
            f"{received.file} cannot be taken: this ledger has not issued return {received.return_id}, so nobody can "
            "say which owner, period and rows its figures belong to. Ask for the answers in the return that was "
            "issued, and reject this one with --reject"
        )
    released = Released(received.sha256, verdict is Verdict.TAKE, _one_line(reason), run.by)
    ledger.append("release", [released], at=run.now, by=run.by)
    return ledger.state().received_by_sha256[received.sha256]


def _must_be_taken_back(received: Received, reason: str) -> None:
    if not received.is_accepted:
        raise UsageError(f"{received.file} is '{received.outcome}', so there is nothing to take back")
    if not reason.strip():
        raise UsageError("say why it is taken back, with --reason; the owner is told")


def _find(state: State, which: str, verdict: Verdict) -> Received:
    """The one file of that name or hash. Raises UsageError."""
    name = shown_name(which.replace("\\", "/").rpartition("/")[2])
    is_hash = len(which) >= _SHORTEST and which.lower().strip("0123456789abcdef") == ""
    matching = [r for r in state.received if r.file == name or (is_hash and r.sha256.startswith(which.lower()))]
    if verdict is Verdict.TAKE_BACK:
        concerned = [r for r in matching if r.is_accepted]
    else:
        concerned = [r for r in matching if r.is_held or r.sha256 in state.releases]
    candidates = concerned or matching
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        raise UsageError(f"{which}: there is more than one; say which by its hash: {_listed(candidates)}")
    held = [received for received in state.received if received.is_held]
    raise UsageError(f"{which}: no such file has been collated; held for the team: {_listed(held) or 'none'}")


def _listed(received: Iterable[Received]) -> str:
    return "; ".join(f"{each.sha256[:12]} {each.folder}/{each.file} ({each.outcome})" for each in received)


def _one_line(text: str) -> str:
    """What a person typed, in one line of printable characters."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())[:500]
