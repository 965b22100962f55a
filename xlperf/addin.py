"""What the buttons of the ribbon do. The add-in starts `python … -m xlperf.addin BUTTON …` and does not wait for it.

While a button works, the status bar says what it is doing. At the end there is one message: what was done, and what to
do next. Every click is logged in the workspace. A fault is logged in full; the person is shown one plain sentence.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

from xlperf import __version__
from xlperf.desktop.showing import say_outside, show_folder
from xlperf.errors import XlperfError
from xlperf.workbook import live
from xlperf.workbook.live import LiveWorkbook
from xlperf.workflow.workspace import Workspace, open_workspace
from xlperf.workflow.workspace.run import Run, now, who

if TYPE_CHECKING:
    from xlperf.period import Period
    from xlperf.workflow.workspace.lock import Lock

LOG = "xlperf.log"


@dataclass(frozen=True, slots=True)
class Click:
    """A click: in which workbook, for which workspace, when, and whose it is. `notes` come before its message."""

    workspace: Workspace
    book: LiveWorkbook
    at: datetime
    by: str
    notes: list[str] = field(default_factory=list)

    def tell(self, note: str) -> None:
        """Say something now, in the status bar, and again in the message at the end."""
        live.status(self.book, f"xlperf: {note}")
        self.notes.append(f"{note[:1].upper()}{note[1:]}.")

    @property
    def run(self) -> Run:
        """The click as a use case is handed it; in an open Excel nobody waits for another to finish."""
        return Run(self.at, self.by, tell=self.tell, wait=0)

    @property
    def period(self) -> Period:
        """The reporting period that returns were last issued for."""
        from xlperf.assessment.in_hand import latest_period

        return latest_period(self.workspace.catalogue(), self.workspace.ledger().state())


def collate(click: Click) -> str:
    """Collate what has been received into the master that is open."""
    from xlperf.workflow.cycle.unchanged import answer_again

    said_before = answer_again(click.workspace, None, click.at.date(), click.book)
    return _collated(click) if said_before is None else "\n".join(said_before.in_short)


def _collated(click: Click) -> str:
    from xlperf.assessment.past import PastChanges
    from xlperf.report import results
    from xlperf.workflow.cycle.collate import Options
    from xlperf.workflow.cycle.collate_live import collate_live

    ask = partial(live.asked, click.book)
    done = collate_live(click.workspace, click.book, click.run, may_grow=ask)
    while not done.written.is_written and ask(results.accept_question(done, most=results.LISTED_IN_SHORT)):
        # Nothing is locked while a person thinks, so what they said yes to may not be all that would change by now.
        accepted = Options(accepts=partial(PastChanges.is_within, seen=done.past))
        done = collate_live(click.workspace, click.book, click.run, accepted, may_grow=ask)
    return "\n".join(results.collated(done, most=results.LISTED_IN_SHORT))


def generate(click: Click) -> str:
    """Issue the returns of the period that has ended last; never a second time, which would supersede those sent."""
    from xlperf.workflow.workspace.lock import locked

    with locked(click.workspace, "issuing returns", click.run) as lock:
        return _generate(lock, click)


def _generate(lock: Lock, click: Click) -> str:
    from xlperf.report import results
    from xlperf.workflow.cycle.generate import generate_under

    catalogue, state = click.workspace.catalogue(), click.workspace.ledger().state()
    ended = [period for period in catalogue.entry_by_period if period.last_day < click.at.date()]
    period = max(ended, default=min(catalogue.entry_by_period))
    before = [issued for (_, of), issued in state.latest_issue.items() if of == str(period)]
    if before:
        return (
            f"The returns for {period.label} were issued on {before[0].at[:10]}; nothing was done.\n"
            f"To issue them again, which supersedes those sent out: xlperf generate --period {period}"
        )

    def tell(done: int, total: int, name: str) -> None:
        live.status(click.book, f"xlperf: {done} of {total} returns made ({name[:60]})")

    done = generate_under(lock, click.workspace, str(period), replace(click.run, progress=tell))
    return "\n".join(results.generated(done.period, done.files, len(done.superseded), done.left_out))


def status(click: Click) -> str:
    """Say who has returned."""
    from xlperf.report import results
    from xlperf.workflow.cycle import chase

    return "\n".join(
        results.status(chase.status(click.workspace, str(click.period), now=click.at), most=results.LISTED_IN_SHORT)
    )


def chase(click: Click) -> str:
    """Write reminder drafts."""
    from xlperf.report import results
    from xlperf.workflow.cycle import chase

    period = str(click.period)
    return "\n".join(results.chased(period, chase.chase(click.workspace, period, click.run)))


def publish(click: Click) -> str:
    """Freeze an edition, with the board's pack, or its dashboard as a PDF, where this machine can make one."""
    from xlperf.report import results
    from xlperf.workflow.cycle import edition_files, publish
    from xlperf.workflow.cycle.collate_live import LiveMaster
    from xlperf.workflow.master.door import must_be_master
    from xlperf.workflow.workspace.lock import locked

    must_be_master(click.book, click.book.name)
    outputs = [edition_files.Output.PACK_PDF] if edition_files.can_make_pdf() else []
    door = LiveMaster(click.book)
    period, workspace = _shown(click), click.workspace
    with locked(workspace, "publishing", click.run):  # not to ask in vain, while another is at work
        doubts = publish.edition_doubts(workspace.catalogue(), workspace.ledger().state(), period, click.run)
    if doubts and not live.asked(click.book, results.publish_question(period.label, doubts)):
        return "Nothing was published."
    live.status(click.book, "xlperf: freezing the edition")
    done = publish.publish(click.workspace, str(period), click.run, outputs=outputs, door=door)
    files = [(output.called, path) for output, path in done.files.items()]
    return "\n".join(results.published(str(period), done.workbook, files, done.doubts, done.lacking))


def packs(click: Click) -> str:
    """Make the packs of the meetings that look at the period shown."""
    from xlperf.report import meeting_results
    from xlperf.workflow.cycle.collate_live import LiveMaster
    from xlperf.workflow.cycle.packs import make_packs
    from xlperf.workflow.master.door import must_be_master

    must_be_master(click.book, click.book.name)
    period = str(_shown(click))
    live.status(click.book, "xlperf: making the packs of the meetings")
    done = make_packs(click.workspace, period, (), click.run, door=LiveMaster(click.book))
    return "\n".join(meeting_results.packed(period, [(each, [*each.files.values()]) for each in done]))


def _shown(click: Click) -> Period:
    """The reporting period that the open master shows; what is published is what its user has before them."""
    from xlperf.report import layout

    about = {row["Item"].raw: row["Value"].raw for row in click.book.read_table(layout.ABOUT).rows}
    periods = click.workspace.catalogue().entry_by_period
    return next((period for period in periods if period.label == about.get("Reporting period")), click.period)


def open_folder(click: Click) -> str:
    """Open the folder that returns are dropped into."""
    folder = click.workspace.received(click.period)
    if not folder.is_dir():
        return f"{folder} is not there yet: generate the returns first."
    show_folder(folder)
    return ""


def help_(click: Click) -> str:
    """Say what the buttons do."""
    return "\n".join(
        (
            f"xlperf {__version__}, workspace {click.workspace.root}",
            "Generate returns: a workbook for each owner, with an e-mail draft.",
            "Collate: read what has come back, and refresh this master. Decisions typed here are kept.",
            "Who has returned; Chase: who is missing, and reminder drafts.",
            "Publish PDF: keep a fixed copy of the master, and a PDF of the dashboard where LibreOffice is installed.",
            "Packs: a PDF for each meeting of the catalogue that looks at the period, but for the board's.",
            f"If something does not work: xlperf doctor, and {LOG} in the workspace.",
        )
    )


_UNEXPECTED = (
    "Something went wrong that should not have. Nothing that was returned or decided is lost; click again, and "
    f"if it happens again send {LOG} in the workspace to whoever looks after xlperf."
)

BUTTONS: Mapping[str, Callable[[Click], str]] = {
    "generate": generate,
    "collate": collate,
    "status": status,
    "chase": chase,
    "publish": publish,
    "packs": packs,
    "open-folder": open_folder,
    "help": help_,
}


def press(button: str, click: Click, log: logging.Logger) -> str:
    """Run a button's function; whatever happens, the answer is a message for a person."""
    try:
        message = BUTTONS[button](click)
    except XlperfError as error:
        log.warning("%s: %s", button, error)
        return "\n".join([*click.notes, f"{str(error)[:1].upper()}{str(error)[1:]}."])
    except Exception:
        log.exception("%s", button)
        return _UNEXPECTED
    message = "\n".join([*click.notes, *([message] if message else [])])
    log.info("%s: %s", button, message.replace("\n", " | "))
    return message


def disagreement(addin: str, workspace: Path) -> str:
    """What to do where add-in and package are of different versions; "" where they agree."""
    if addin == __version__:
        return ""
    return (
        f"The add-in is version {addin or 'unknown'} and xlperf is {__version__}; nothing was done.\n"
        f'Close Excel, run: xlperf addin install --workspace "{workspace}"\nThen open the master again.'
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one click. Returns 0, or 3 where not even a message could be shown in Excel."""
    parser = argparse.ArgumentParser(prog="python -m xlperf.addin", description="What the ribbon's buttons start.")
    # No `choices`: a button of another version is for the handshake to speak of, and pythonw would end without a word.
    parser.add_argument("button", help=", ".join(BUTTONS))
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--version", default="")
    options, _ = parser.parse_known_args(arguments)  # xlwings reads --wb and --hwnd
    log, handler = _log(options.workspace)
    with closing(handler):
        try:
            return _clicked(options.button, options.workspace, options.version, log)
        except Exception:  # pythonw has nowhere to show a traceback: without this a click would end in silence
            log.exception("%s", options.button)
            say_outside(_UNEXPECTED)
            return 3


def _clicked(button: str, folder: Path, version: str, log: logging.Logger) -> int:
    try:
        # A shortcut names no workbook: it means the one that is active.
        book = live.from_caller() if any(text.startswith("--wb=") for text in sys.argv) else live.attach()
    except XlperfError as error:
        log.error("%s: %s", button, error)
        say_outside(str(error))
        return 3
    try:
        live.status(book, "xlperf …")
        message = disagreement(version, folder) or _pressed(button, folder, book, log)
    finally:
        live.status(book, None)
    if message:
        try:
            live.message(book, message)
        except XlperfError:  # Excel was closed meanwhile
            say_outside(message)
            return 3
    return 0


def _pressed(button: str, folder: Path, book: LiveWorkbook, log: logging.Logger) -> str:
    try:
        workspace = open_workspace(folder)
    except XlperfError as error:
        log.warning("%s: %s", button, error)
        return str(error)
    return press(button, Click(workspace, book, now(), who()), log)


def _log(folder: Path) -> tuple[logging.Logger, logging.Handler]:
    """The workspace's log; where it cannot be written, the click still goes on."""
    handler: logging.Handler
    try:
        handler = RotatingFileHandler(folder / LOG, maxBytes=1_000_000, backupCount=3, encoding="utf-8")
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log = logging.getLogger("xlperf.addin")
    log.handlers[:] = [handler]
    log.setLevel(logging.INFO)
    log.propagate = False
    return log, handler


if __name__ == "__main__":
    sys.exit(main())
