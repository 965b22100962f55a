"""What an edition has beside its workbook: the board's pack, and the sheet of its dashboard as a PDF."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path, PureWindowsPath

from xlperf.assessment import Assessment
from xlperf.documents.document import Audience, Document, marked
from xlperf.documents.html import write_html
from xlperf.documents.libreoffice import libreoffice, to_pdf
from xlperf.documents.pdf import can_write_pdf, write_pdf
from xlperf.documents.word import write_word
from xlperf.errors import DocumentError, WorkbookError
from xlperf.report import dashboard_heading, layout
from xlperf.report.data_workbook import data_workbook
from xlperf.report.pages.board_pack import pack
from xlperf.report.pages.public_pack import public_pack
from xlperf.report.sheets import dashboard
from xlperf.report.spark import EMS
from xlperf.workbook.package import Package
from xlperf.workbook.plainbook import plain_workbook
from xlperf.workbook.printing import Page, print_copy
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.run import Tell, say_nothing

PACK_TEMPLATE = "pack.docx"
"""The Word template in `workbook_templates`, where a team has restyled it."""
_NO_LOGO = "the pack has no logo"
LARGEST_LOGO = 2_000_000
"""Bytes; a larger one would make every pack too large to send."""


class Output(StrEnum):
    """What an edition may have beside its workbook, by the suffix of its file name."""

    PACK_PDF = " pack.pdf"
    PACK_WORD = " pack.docx"
    PACK_HTML = " pack.html"
    DATA = " data.xlsx"
    SHEET = " dashboard.pdf"
    PUBLIC_PDF = " for the public.pdf"
    PUBLIC_HTML = " for the public.html"

    @property
    def called(self) -> str:
        """What people call it."""
        return _CALLED[self]


_CALLED = {
    Output.PACK_PDF: "Board pack",
    Output.PACK_WORD: "Board pack in Word",
    Output.PACK_HTML: "Board pack as a web page",
    Output.DATA: "Figures as plain tables",
    Output.SHEET: "Dashboard",
    Output.PUBLIC_PDF: "Pack for the public",
    Output.PUBLIC_HTML: "Pack for the public as a web page",
}


def can_make_pdf() -> bool:
    """Whether this machine can make a PDF: of the pack, or of the sheet in its place."""
    return can_write_pdf() or libreoffice() is not None


def made_here(outputs: Collection[Output]) -> tuple[tuple[Output, ...], tuple[str, ...]]:
    """Which outputs this machine makes where some are asked for, and what is to be said of it.

    Without the extra 'pack' a PDF is made of the sheet, by LibreOffice where that is installed.
    """
    if Output.PACK_PDF not in outputs or can_write_pdf() or libreoffice() is None:
        return tuple(outputs), ()
    in_place = (Output.SHEET if each is Output.PACK_PDF else each for each in outputs)
    said = (
        "the board pack as a PDF was not made, as it needs the extra 'pack' (pip install 'xlperf[pack]'); "
        "the Dashboard sheet was printed instead"
    )
    return tuple(dict.fromkeys(in_place)), (said,)


@dataclass(frozen=True, slots=True)
class EditionFiles:
    """The files that were made beside the workbook, and what was asked for and could not be, in words."""

    made: Mapping[Output, Path]
    lacking: tuple[str, ...] = ()


def make_files(
    workspace: Workspace,
    assessment: Assessment,
    workbook: Path,
    outputs: Collection[Output],
    tell: Tell,
    *,
    mark: str = "",
) -> EditionFiles:
    """Make each output of an edition beside its `workbook`; what cannot be made is said and hinders nothing else.

    `mark` stands on every page of a pack that is not final.
    """
    made: dict[Output, Path] = {}
    lacking: list[str] = []
    writers = _writers(workspace)
    documents = {
        audience: _with_logo(workspace, assessment.meeting.logo, make(assessment, workbook.stem), lacking)
        for audience, make in _PACKS.items()
        if any(_audience(output) is audience for output in outputs if output in writers)
    }
    if mark:
        documents = {audience: marked(document, mark) for audience, document in documents.items()}
    for output in outputs:
        path = workbook.with_name(f"{workbook.stem}{output}")
        try:
            match output:
                case Output.DATA:
                    heading = dashboard_heading.title(assessment)
                    path.write_bytes(plain_workbook(data_workbook(assessment), heading, assessment.produced))
                case Output.SHEET:
                    print_dashboard(workbook, path, dashboard_heading.title(assessment), tell)
                case _:
                    _write(writers[output], documents[_audience(output)], path, lacking)
        except (DocumentError, WorkbookError) as error:
            lacking.append(f"{output.strip()} was not made: {error}")
            path.unlink(missing_ok=True)
        else:
            made[output] = path
    return EditionFiles(made, tuple(dict.fromkeys(lacking)))


_PACKS: Mapping[Audience, Callable[[Assessment, str], Document]] = {
    Audience.INTERNAL: pack,
    Audience.PUBLIC: public_pack,
}


def _audience(output: Output) -> Audience:
    """Who reads it: the meeting, or everybody."""
    return Audience.PUBLIC if output in (Output.PUBLIC_PDF, Output.PUBLIC_HTML) else Audience.INTERNAL


Writer = Callable[[Document, Path], None]


def _writers(workspace: Workspace) -> Mapping[Output, Writer]:
    def word(document: Document, path: Path) -> None:
        write_word(document, workspace.template(PACK_TEMPLATE), path)

    return {
        Output.PACK_PDF: write_pdf,
        Output.PACK_WORD: word,
        Output.PACK_HTML: write_html,
        Output.PUBLIC_PDF: write_pdf,
        Output.PUBLIC_HTML: write_html,
    }


def _write(write: Writer, document: Document, path: Path, lacking: list[str]) -> None:
    """Write a document; without its logo where that is what hinders it."""
    try:
        write(document, path)
    except DocumentError as error:
        if document.logo is None:
            raise
        write(replace(document, logo=None), path)
        if not any(each.startswith(_NO_LOGO) for each in lacking):  # each kind of pack has its own words for one fault
            lacking.append(f"{_NO_LOGO}: the file cannot be shown ({error})")


def _with_logo(workspace: Workspace, name: str, document: Document, lacking: list[str]) -> Document:
    if not name:
        return document
    # A path of Windows has both kinds of slash; an address of another machine must not even be tried.
    place = PureWindowsPath(name)
    if place.anchor or ".." in place.parts or "\0" in name:
        lacking.append(f"{_NO_LOGO}: {name!r} is not in the folder of the catalogue")
        return document
    try:
        logo = (workspace.root / name).read_bytes()
    except OSError as error:
        lacking.append(f"{_NO_LOGO}: {name} cannot be read ({error.strerror})")
        return document
    if fault := _fault_of(logo):
        lacking.append(f"{_NO_LOGO}: {name} {fault}")
        return document
    return replace(document, logo=logo, logo_alt=f"Logo of {document.author}")


def _fault_of(logo: bytes) -> str:
    """Why a logo is not even tried; "" for nothing."""
    if not logo.startswith(b"\x89PNG") and b"<svg" not in logo[:2000]:
        return "is neither a PNG nor an SVG picture"
    return f"has more than {LARGEST_LOGO // 1_000_000} MB" if len(logo) > LARGEST_LOGO else ""


def print_dashboard(workbook: Path, pdf: Path, title: str, tell: Tell = say_nothing) -> None:
    """Make a PDF of the dashboard of an edition, or of a master, by way of a copy that holds nothing else.

    `tell` is called where the sheet's print area could not be followed, and where rows are hidden. Raises
    WorkbookError; `pdf` is then not made.
    """
    page = Page(
        layout.DASHBOARD,
        columns=dashboard.ON_PAGE,
        names=(layout.TITLE, layout.SUBTITLE, layout.SUMMARY),
        fitted={layout.LAST_PERIODS: EMS, **dict.fromkeys(layout.FIGURES_ON_DASHBOARD, 0.0)},
        title=title,
    )
    copy = print_copy(Package.open(workbook), page)
    if copy.area_replaced:
        tell(
            f"the print area of the dashboard's sheet ({copy.area_replaced}) leaves out a part of its table; "
            "the PDF shows the whole table"
        )
    if copy.area_cut:
        tell(
            f"the print area of the dashboard's sheet ({copy.area_cut}) reaches beyond its table; what stands there is "
            "not in the PDF"
        )
    if copy.rows_hidden:
        are = "rows {} are" if len(copy.rows_hidden) > 1 else "row {} is"
        hidden = are.format(", ".join(map(str, copy.rows_hidden)))
        tell(f"{hidden} hidden in the dashboard's sheet, and not in the PDF; the heading counts all figures")
    # In a folder of its own, because a footer can name the file.
    with tempfile.TemporaryDirectory() as folder:
        copy.package.save(Path(folder) / workbook.name)
        to_pdf(Path(folder) / workbook.name, pdf)
