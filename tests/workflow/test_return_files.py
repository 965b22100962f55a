"""The files of returns are stamped, and are byte for byte what the editor makes of the template."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from tests.released.later import RELEASED
from tests.workbook.open_xml_sdk import faults, has_open_xml_sdk
from xlperf.catalogue import Catalogue, DueFigure, Kind, load_catalogue
from xlperf.report.spark import spark
from xlperf.returns import action_fields, layout, promise_fields
from xlperf.returns.commentary_asked import Watched
from xlperf.returns.figure import Figure, FigureKey
from xlperf.returns.identity import Identity
from xlperf.returns.issue import Promised, build_form
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.stamping.slots import Filling
from xlperf.workflow.cycle.return_files import ReturnFiles, fill, filling_of
from xlperf.workflow.workspace.folder import FRAMEWORKS, catalogue_file, shipped

EXAMPLE = Path(__file__).parents[2] / "examples" / "ae-attendance" / "kpi_catalogue.yaml"
CATALOGUES = [pytest.param(catalogue_file(each), id=each) for each in FRAMEWORKS] + [pytest.param(EXAMPLE, id="A&E")]
TEMPLATE = shipped("workbook_templates/return.xlsx")
MOST = 12
"""Owners of whom the returns are made."""
WORDS = 'Two wards < the rest & "others";\nsee the plan _x0041_ of Dŵr Cymru, =1+1 ' + "and so on " * 30


@dataclass
class Told:
    """What may have been said before, in turns: all of it, nothing, kept by Still right, not applicable."""

    catalogue: Catalogue
    figures: dict[FigureKey, Figure]

    def tell(self, due: DueFigure, turn: int) -> None:
        """Give a figure due, and those of two years before it, what its turn brings."""
        kpi, org, period = due
        for back in range(0 if turn % 3 else 1, 27):
            before = period.previous(back)
            said = turn % 4 != 1
            self._put(
                Figure(
                    kpi.id,
                    org.code,
                    str(before),
                    actual=None if kpi.kind is Kind.MILESTONE else 80.0 + back / 7,
                    numerator=70.0 if kpi.has_parts else None,
                    denominator=90.5 if kpi.has_parts else None,
                    milestone="On track" if kpi.kind is Kind.MILESTONE else "",
                    not_applicable=turn % 7 == 6 and back == 0,
                    reason_not_applicable="Not run here" if turn % 7 == 6 and back == 0 else "",
                    commentary=WORDS if said else "",
                    cause="Vacancies" if said else "",
                    action="Weekly review" if said else "",
                    action_owner="Head of service" if said else "",
                    action_due=str(period.last_day + timedelta(40)) if said else "",
                    forecast=88.25 if said else None,
                    validated=True,
                    others=(("still_right", True),) if turn % 2 else (),
                )
            )

    def _put(self, figure: Figure) -> None:
        self.figures[figure.key] = figure


def fillings(catalogue: Catalogue, *, is_told: bool = True) -> Iterator[Filling]:
    """What returns of the last period of a calendar are filled with: its first owners', and that with most rows."""
    reporting = max(catalogue.entry_by_period)
    due = {owner.id: catalogue.due_from(owner, reporting) for owner in catalogue.responsible_owners}
    owners = [owner for owner in catalogue.responsible_owners if due[owner.id]]
    told = Told(catalogue, {})
    for turn, each in enumerate(figure for figures in due.values() for figure in figures):
        if is_told:
            told.tell(each, turn)
    watched = {series[:2]: Watched("in Enhanced") for series in list(told.figures)[::5]}
    for owner in sorted(owners[:MOST], key=lambda owner: len(due[owner.id])):
        identity = Identity(
            f"{owner.id:>016}", 7, owner.id, str(reporting), catalogue.version, catalogue.hash, layout.TEMPLATE_VERSION
        )
        action = dict.fromkeys(FileWorkbook.open(TEMPLATE).columns(action_fields.TABLE)[:4], WORDS)
        promised = Promised((action,) * (len(owner.id) % 3 if is_told else 0))
        yield filling_of(build_form(catalogue, identity, told.figures, watched=watched, draw=spark, promised=promised))


def by_editor(template: Path, filling: Filling) -> bytes:
    """The file as it is made by opening the template for it alone."""
    book = FileWorkbook.open(template)
    fill(book, filling, TEMPLATE)
    return book.compressed()


def assert_same(template: Path, catalogue: Catalogue, *, is_stamped: bool = True, is_told: bool = True) -> bytes:
    """Every file is the same in both ways; returns the last."""
    files, data = ReturnFiles([template, TEMPLATE]), b""
    for filling in fillings(catalogue, is_told=is_told):
        data = files.file_of(filling)
        assert data == by_editor(template, filling)
    assert files.is_stamped is is_stamped
    assert data
    return data


@pytest.mark.parametrize("path", CATALOGUES)
@pytest.mark.parametrize("is_told", [pytest.param(True, id="told"), pytest.param(False, id="new")])
def test_of_every_catalogue(path: Path, is_told: bool, tmp_path: Path) -> None:
    data = assert_same(TEMPLATE, load_catalogue(path), is_told=is_told)
    made = tmp_path / "return.xlsx"
    made.write_bytes(data)
    audit = pytest.importorskip("openxml_audit").OpenXmlValidator()
    assert audit.validate(str(made)).errors == []


def test_what_was_said_and_charted_is_in_them() -> None:
    filled = fillings(load_catalogue(catalogue_file("heiw")))
    rows = [row for filling in filled for row in filling.rows[layout.TABLE]]
    assert {
        layout.LAST_COMMENTARY.header, layout.KEEPS.header, layout.LAST_PERIODS.header, layout.A_YEAR_AGO.header,
        "Still right", "Commentary", "Not applicable",
    } <= {header for row in rows for header, value in row.items() if value}  # fmt: skip


def test_of_a_template_restyled_from_the_first_versions() -> None:
    template = RELEASED / "0.1.0" / "workbook_templates" / "return.xlsx"
    assert_same(template, load_catalogue(RELEASED / "0.1.0" / "kpi_catalogue.yaml"))


@pytest.mark.parametrize("restyled", [TEMPLATE, RELEASED / "0.1.0" / "workbook_templates" / "return.xlsx"])
def test_the_sheet_recovery_is_in_those_that_ask_for_a_path_and_in_no_other(restyled: Path, tmp_path: Path) -> None:
    files = ReturnFiles([restyled, TEMPLATE])
    made = tmp_path / "return.xlsx"
    for number, filling in enumerate(fillings(load_catalogue(RELEASED / "0.1.0" / "kpi_catalogue.yaml"))):
        rows = [dict.fromkeys((column.header for column in promise_fields.COLUMNS), WORDS)] * 3
        asked = {promise_fields.TABLE: rows} if number % 2 else {}
        made.write_bytes(files.file_of(replace(filling, rows={**filling.rows, **asked})))
        book = FileWorkbook.open(made)
        assert (promise_fields.TABLE in book.table_names()) is bool(asked)
        if asked:
            assert len(book.read_table(promise_fields.TABLE).rows) == len(rows)
            names = [sheet.name for sheet in book.package.sheets if sheet.state == "visible"]
            assert names.index(promise_fields.SHEET) == names.index(action_fields.SHEET) + 1
            assert "{{" not in str([cell.raw for cell in book.read_table(layout.TABLE).stray])


# ---- what people do to a template ------------------------------------------------------------------------------------

Parts = dict[str, bytes]
SHEET, STRINGS, TABLE, WORKBOOK = (
    "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml", "xl/tables/table2.xml", "xl/workbook.xml"
)  # fmt: skip


def replaced(part: str, pattern: str, text: str) -> Callable[[Parts], None]:
    """A change of a part's text, which must be there."""

    def change(parts: Parts) -> None:
        changed, count = re.subn(pattern.encode(), text.encode(), parts[part], count=1, flags=re.DOTALL)
        assert count == 1
        parts[part] = changed

    return change


def spread_out(parts: Parts) -> None:
    """Put every row of the sheet on a line of its own, as some programs do."""
    parts[SHEET] = parts[SHEET].replace(b"<row ", b"\n    <row ").replace(b"</sheetData>", b"\n  </sheetData>")


def in_single_quotes(parts: Parts) -> None:
    """Write attributes as XML allows and Excel does not."""
    parts[SHEET] = parts[SHEET].replace(b'<dimension ref="A1:BI7"/>', b"<dimension ref='A1:BI7' ></dimension>")


def with_prefix(parts: Parts) -> None:
    """Write the sheet with a prefix before every name."""
    text = parts[SHEET].decode()
    text = re.sub(r"<(/?)(?![?!])", r"<\1x:", text).replace("xmlns=", "xmlns:x=")
    parts[SHEET] = text.encode()


def with_print_area(parts: Parts) -> None:
    """Print the first columns of the return."""
    name = b'<definedName name="_xlnm.Print_Area" localSheetId="1">Return!$A$1:$X$7</definedName>'
    parts[WORKBOOK] = parts[WORKBOOK].replace(b"<definedNames>", b"<definedNames>" + name)


KEPT: Mapping[str, Callable[[Parts], None]] = {
    "a title of the team's own": replaced("docProps/core.xml", "<dc:title>[^<]*", "<dc:title>Ours &amp; yours"),
    "a header with an expression": replaced(
        SHEET, "<oddFooter>", "<oddHeader>&amp;12{{ owner|upper }} &amp; {{ rows }}</oddHeader><oddFooter>"
    ),
    "a placeholder that comes to nothing": replaced(STRINGS, r"\{\{ owner \}\}", "{{ owner[:0] }}"),
    "a print area": with_print_area,
    "a higher row": replaced(SHEET, '<row r="7"[^>]*>', '<row r="7" ht="44.5" customHeight="1">'),
    "a row that was measured": replaced(SHEET, '<row r="7"[^>]*>', '<row r="7" ht="44.5" hidden="1">'),
    "lines between rows": spread_out,
    "other quotation marks": in_single_quotes,
    "names with a prefix": with_prefix,
}
"""Changes with which returns are stamped."""
NOT_STAMPED: Mapping[str, Callable[[Parts], None]] = {
    "a note below the table": replaced(SHEET, "</sheetData>", '<row r="9"><c r="BK9"><v>1</v></c></row></sheetData>'),
    "a note beside the table": replaced(
        SHEET, "</row></sheetData>", '<c r="BK7" t="inlineStr"><is><t>Ask {{ team }}</t></is></c></row></sheetData>'
    ),
    "the table's name in capitals": replaced(TABLE, 'isplayName="tbl_return"', 'isplayName="TBL_RETURN"'),
}
"""Changes with which they are made by the editor."""


def changed_template(folder: Path, change: Callable[[Parts], None]) -> Path:
    """The shipped template with something changed."""
    with zipfile.ZipFile(TEMPLATE) as ours:
        parts = {name: ours.read(name) for name in ours.namelist()}
    change(parts)
    into = folder / "return.xlsx"
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in parts.items():
            book.writestr(name, data)
    return into


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(catalogue_file("trust"))


@pytest.mark.parametrize("change", KEPT.values(), ids=KEPT)
def test_of_a_restyled_template(change: Callable[[Parts], None], catalogue: Catalogue, tmp_path: Path) -> None:
    assert_same(changed_template(tmp_path, change), catalogue)


@pytest.mark.parametrize("change", NOT_STAMPED.values(), ids=NOT_STAMPED)
def test_what_cannot_be_stamped_is_made_by_the_editor(
    change: Callable[[Parts], None], catalogue: Catalogue, tmp_path: Path
) -> None:
    assert_same(changed_template(tmp_path, change), catalogue, is_stamped=False)


def test_of_a_template_that_another_program_saved(catalogue: Catalogue, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(TEMPLATE)
    book["Read me"]["B40"] = "Ring {{ team }} <before> {{ deadline }}"
    book["Return"].row_dimensions[3].height = 30
    saved = io.BytesIO()
    book.save(saved)
    template = tmp_path / "return.xlsx"
    template.write_bytes(saved.getvalue())
    assert_same(template, catalogue)


@pytest.mark.long
@pytest.mark.openxmlsdk
@has_open_xml_sdk
def test_the_open_xml_sdk_has_nothing_against_them(tmp_path: Path) -> None:
    made = []
    for number, each in enumerate(CATALOGUES):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(assert_same(TEMPLATE, load_catalogue(each.values[0])))  # type: ignore[arg-type]
        made.append(path)
    assert faults(*made) == [[] for _ in made]
