"""Makes workbook_templates/*.xlsx from the records of columns and fields, and from the looks that stand here.

This is the templates' one source: they are made anew with `python tools/make_templates.py` and never restyled by hand
(an organisation restyles the copies in its own workspace). A test keeps what is shipped the same as what this makes.
"""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from xlperf.report import layout as master
from xlperf.report.columns import Column as MasterColumn
from xlperf.report.columns import ColumnKind, MasterSheet
from xlperf.report.sheets import chart, chart_formulas, contents, dashboard, glossary, hidden
from xlperf.report.views import SHEETS
from xlperf.returns import action_fields, field_cells, fields, layout, promise_fields
from xlperf.returns.fields import FIELDS, Field, Holds, ReturnColumn, Role
from xlperf.returns.layout import COLUMNS
from xlperf.rules import answers_owed
from xlperf.rules.milestones import COMPLETE
from xlperf.rules.rag import MILESTONES, Rag
from xlperf.workbook import properties

FOLDER = Path(__file__).parent.parent / "workbook_templates"
NAVY, BLUE, PALE, GREY, RULE, ORANGE = "#003087", "#005EB8", "#E8EDEE", "#425563", "#C8D0D6", "#9A3B00"
INPUT_FILL = "#FFF9DB"
SOMETIMES_FILL = "#FFFDF2"
"""Of a cell that few rows need; its border is grey."""
SOMETIMES_EDGE = "#76838D"
INPUT_EDGE = BLUE
"""The border of a cell to fill in a return; the fill alone is hardly told from white."""
FILLS = {"Red": "#E8A29A", "Amber": "#FFD98A", "Green": "#A8D8B5", "Blue": "#B5D3F0"}
AS_HIGH_AS_ITS_TEXTS = 12
"""The height of a row that no person has set: as Excel writes it, and the editor where texts take more lines."""
ROWS = 1000
"""Validations and conditional formats reach so far down; tables may be longer, and are then plain there."""


def main(folder: Path = FOLDER) -> None:
    """Write every template."""
    folder.mkdir(exist_ok=True)
    templates = {
        "return.xlsx": make_return,
        promise_fields.TEMPLATE: make_return_recovery,
        "master.xlsx": make_master,
    }
    for name, make in templates.items():
        path = folder / name
        make(path)
        _forget_results(path)


def _workbook(path: Path) -> xlsxwriter.Workbook:
    options = {"default_format_properties": {"font_name": "Arial", "font_size": 9, "valign": "vcenter"}}
    workbook = xlsxwriter.Workbook(str(path), options)
    workbook.set_properties({"title": properties.OF_TEMPLATES, "created": datetime(2026, 1, 1)})
    return workbook


def _forget_results(path: Path) -> None:
    """Take out XlsxWriter's placeholder results of formulas, so that every program works them out, and its language."""
    with zipfile.ZipFile(path) as package:
        parts = [(info, package.read(info)) for info in package.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for info, data in parts:
            if info.filename.startswith("xl/worksheets/sheet"):
                data = re.sub(rb"(</f>)<v>0</v>", rb"\1", data)
                data = data.replace(f' ht="{AS_HIGH_AS_ITS_TEXTS}" customHeight="1"'.encode(), b' ht="12"')
            if info.filename == "docProps/core.xml":
                language = f"<dc:language>{properties.LANGUAGE}</dc:language></cp:coreProperties>"
                data = data.replace(b"</cp:coreProperties>", language.encode())
            if info.filename.startswith("xl/charts/"):
                data = data.replace(b'lang="en-US"', f'lang="{properties.LANGUAGE}"'.encode())
            entry = zipfile.ZipInfo(info.filename, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, data)


# The return ---------------------------------------------------------------------------------------------------------


def make_return(path: Path) -> None:
    """The return: Read me, Return, Glossary, and the hidden identity."""
    workbook = _workbook(path)
    styles = _Styles(workbook)
    _read_me(workbook, styles)
    _return_sheet(workbook, styles)
    _actions_of_owner(workbook, styles)
    _list_sheet(workbook, styles, glossary.IN_RETURNS, layout.GLOSSARY_TABLE, locked=True)
    hidden = workbook.add_worksheet("xlperf")
    hidden.add_table(0, 0, 1, 1, _table(layout.IDENTITY_TABLE, [{"header": "item"}, {"header": "value"}]))
    hidden.protect()
    hidden.very_hidden()
    workbook.close()


def _table(name: str, columns: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"name": name, "columns": columns, "autofilter": False, "style": None, **more}


class _Styles:
    """Cell formats by what they are for."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        add = workbook.add_format
        edge = {"border": 1, "border_color": RULE}
        self.title = add({"bold": True, "font_size": 16, "font_color": NAVY})
        self.lead = add({"font_size": 11, "font_color": GREY})
        self.strong = add({"bold": True, "font_size": 11, "font_color": NAVY})
        self.strong_line = add({"bold": True, "font_size": 11, "font_color": NAVY, "shrink": True})
        self.body = add({"font_size": 11, "text_wrap": True, "valign": "top"})
        self.small = add({"font_size": 8, "font_color": GREY})
        self.head = add({"bold": True, "font_color": "#FFFFFF", "bg_color": NAVY, "text_wrap": True, **edge})
        self.head_input = add({"bold": True, "font_color": "#FFFFFF", "bg_color": BLUE, "text_wrap": True, **edge})
        # At the top, as Excel's filter buttons cover the foot of a header.
        self.top = add(
            {"bold": True, "font_color": "#FFFFFF", "bg_color": NAVY, "text_wrap": True, "valign": "top", **edge}
        )
        self.top_input = add(
            {"bold": True, "font_color": "#FFFFFF", "bg_color": BLUE, "text_wrap": True, "valign": "top", **edge}
        )
        self.shown = add({"text_wrap": True, "valign": "top", "num_format": "@", **edge})
        self.plain = add({"valign": "top", "num_format": "@", **edge})
        self.chart = add(
            {"font_name": "Segoe UI Symbol", "font_color": GREY, "shrink": True, "num_format": "@", **edge}
        )
        self.formula = add({"valign": "top", "text_wrap": True, "bold": True, **edge})
        self.result = add({"valign": "top", "bold": True, "num_format": "#,##0.0##", "shrink": True, **edge})
        self.helper = add({})
        unlocked = {"locked": False, "bg_color": INPUT_FILL, "valign": "top", **edge}
        self.text = add({**unlocked, "text_wrap": True, "num_format": "@"})
        self.date = add({**unlocked, "num_format": "dd/mm/yyyy"})
        self.number = add(unlocked)
        asked = {**unlocked, "border_color": INPUT_EDGE}
        wrapped = {"text_wrap": True, "num_format": "@"}
        self.asked_number = add(asked)
        self.asked_text = add({**asked, "text_wrap": True, "num_format": "@"})
        self.asked_date = add({**asked, "num_format": "dd/mm/yyyy"})
        seldom = {**unlocked, "bg_color": SOMETIMES_FILL, "border_color": SOMETIMES_EDGE}
        self.sometimes = {holds: add({**seldom, **({} if holds is Holds.NUMBER else wrapped)}) for holds in Holds}
        self.day = add({"num_format": ColumnKind.DATE.number_format, "valign": "top", **edge})
        self.figure = add({"valign": "top", "num_format": ColumnKind.NUMBER.number_format, **edge})
        strong_edge = {"border": 2, "border_color": GREY}
        self.choice = add({**unlocked, **strong_edge, "font_size": 11})
        self.rag = {word: add({"bg_color": fill, "bold": True}) for word, fill in FILLS.items()}
        self.unused = add({"bg_color": "#D9DDE0", "font_color": "#D9DDE0", **edge})
        self.wanted = add({"bg_color": "#FFE29A"})


def _read_me(workbook: xlsxwriter.Workbook, styles: _Styles) -> None:
    sheet = workbook.add_worksheet("Read me")
    sheet.hide_gridlines(2)
    sheet.set_column("A:A", 3)
    sheet.set_column("B:B", 30)
    sheet.set_column("C:C", 100)
    sheet.write("B1", "{{ title }}: your return", styles.title)
    sheet.write("B2", "{{ organisation }} · {{ period }}", styles.lead)
    facts = (
        ("For", "{{ owner }}, {{ directorate }}"),
        ("Executive owner", "{{ executive_owner }}"),
        ("Please return by", "{{ deadline }}"),
        ("Send it to", "{{ team }}, {{ email }}"),
        ("It goes to", "{{ board }}, {{ board_date }}"),
    )
    for row, (item, value) in enumerate(facts, start=3):
        sheet.write(row, 1, item, styles.strong)
        sheet.write(row, 2, value, styles.body)
    steps = """\
Open the Return sheet. It has {{ rows }} rows: one for each figure that is yours to give.
Fill the pale yellow cells with a blue border; grey ones are not needed. Give numerator and denominator where \
they are yellow, else the actual. For 95 % type 95.
If a figure cannot apply, choose Yes under Not applicable and say why.
The RAG appears as you type. 'Still needed' says what is missing: {{ asked }}.
If what you said last time still holds, choose Yes under 'Still right' and leave those cells empty: commentary, cause, \
action and forecast are kept. What you type counts instead; an action whose date has passed needs a new date.
If last time's figure was wrong, give the right one under 'Restated previous figure', and the reason.
Sign off below. When the Return sheet says 'Ready to return: Yes', save and send this workbook back.""".splitlines()
    sheet.write(9, 1, "What to do", styles.strong)
    for number, step in enumerate(steps, start=1):
        sheet.write(8 + number, 2, f"{number}. {step}", styles.body)
        lines = 3 if "{{ asked }}" in step or len(step) > 180 else 2 if len(step) > 90 else 1
        sheet.set_row(8 + number, (16, 30, 45)[lines - 1])
    sheet.write(17, 1, "Sign-off", styles.strong)
    columns = [
        {"header": layout.ITEM, "header_format": styles.head},
        {"header": layout.ANSWER, "header_format": styles.head_input},
    ]
    sheet.add_table(18, 1, 21, 2, _table(layout.SIGN_OFF_TABLE, columns))
    for row, item in enumerate(layout.SIGN_OFF_ITEMS, start=19):
        sheet.write(row, 1, item, styles.shown)
        sheet.write_blank(row, 2, None, styles.asked_date if item == layout.SIGNED_OFF_ON else styles.asked_text)
    sheet.data_validation(21, 2, 21, 2, _date_rule())
    sheet.write(
        "B24",
        "Please do not rename columns, add rows, or copy sheets elsewhere: the workbook knows whose it is.",
        styles.small,
    )
    sheet.write(
        "B25",
        f"In '{layout.LAST_PERIODS.header}', bars from ▅ up are at or above the target, those from ▃ down below it; "
        "where the target is a range, or there is none, they run from the lowest ▁ to the highest █.",
        styles.small,
    )
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.set_footer("&L&8{{ classification }}&R&8Page &P of &N")
    sheet.protect("", {"format_columns": True, "format_rows": True})


HEADER_ROW = 5
LONGEST_LINE = 32_000
WHERE_TO_TYPE = (
    "Type in the yellow cells with a blue border; a grey one is not asked for. 'Still needed' names what a row needs, "
    "also of the cells to the right. Those that are paler, with a grey border, are for when they apply."
)
KEPT_IN_PLACE = COLUMNS.index(layout.TO_GIVE)
"""The columns that stay as one scrolls to the right: what tells one row from another."""


def _return_sheet(workbook: xlsxwriter.Workbook, styles: _Styles) -> None:
    sheet = workbook.add_worksheet("Return")
    sheet.hide_gridlines(2)
    sheet.write("A1", "{{ owner }}: return for {{ period }}", styles.title)
    sheet.write("A2", "Please return by {{ deadline }} to {{ email }}", styles.lead)
    needed = f"{layout.TABLE}[{layout.NEEDED.header}]"
    complete = f'SUMPRODUCT(--({needed}=""))'
    # A cell holds 32,767 characters; of a return of a thousand rows, not everything can be said here.
    still = f'LEFT("; still needed: "&_xlfn.TEXTJOIN("; ",TRUE,{layout.TABLE}[{layout.NEEDS.header}]),{LONGEST_LINE})'
    still = f'IFERROR({still},"; what is still needed stands in each row")'
    line = f'={complete}&" of "&ROWS({needed})&" complete"&IF({complete}=ROWS({needed}),"",{still})'
    sheet.write_formula("A3", line, styles.strong)
    answers = f"{layout.SIGN_OFF_TABLE}[{layout.ANSWER}]"
    signed = f'SUMPRODUCT(--(TRIM({answers})<>""))={len(layout.SIGN_OFF_ITEMS)}'
    unsigned = "No, the sign-off on Read me is not complete"
    ready = f'="Ready to return: "&IF({complete}<ROWS({needed}),"No",IF({signed},"Yes","{unsigned}"))'
    sheet.write_formula("A4", ready, styles.strong)
    sheet.write("A5", WHERE_TO_TYPE, styles.lead)
    first, last = HEADER_ROW + 1, HEADER_ROW + ROWS
    columns = []
    for index, column in enumerate(COLUMNS):
        cell_format = _return_format(styles, column)
        head = styles.top_input if column.role is Role.INPUT else styles.top
        spec: dict[str, Any] = {"header": column.header, "format": cell_format, "header_format": head}
        if column.header in FORMULAS:
            spec["formula"] = "=" + FORMULAS[column.header]
        columns.append(spec)
        hidden = {"hidden": column.role is Role.HELPER}
        sheet.set_column(index, index, column.width, None, hidden)
        rule = _rule(column)
        if rule:
            sheet.data_validation(first, index, last, index, rule)
    sheet.add_table(HEADER_ROW, 0, HEADER_ROW + 1, len(COLUMNS) - 1, _table(layout.TABLE, columns, autofilter=True))
    for index, column in enumerate(COLUMNS):
        if column.header not in FORMULAS:
            sheet.write_blank(HEADER_ROW + 1, index, None, _return_format(styles, column))
    sheet.set_row(0, 26)
    sheet.set_row(HEADER_ROW, 40)
    sheet.set_row(HEADER_ROW + 1, 65)
    _return_conditions(sheet, styles, first, last)
    sheet.freeze_panes(HEADER_ROW + 1, KEPT_IN_PLACE)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.repeat_rows(HEADER_ROW)
    sheet.repeat_columns(0, KEPT_IN_PLACE - 1)
    sheet.fit_to_pages(2, 0)
    sheet.set_footer("&L&8{{ classification }} · {{ owner }} · {{ period }}&R&8Page &P of &N")
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
    sheet.activate()


def _actions_of_owner(workbook: xlsxwriter.Workbook, styles: _Styles) -> None:
    """The sheet Actions of a return: what its owner has promised, and the cells for how it goes."""
    sheet = workbook.add_worksheet(action_fields.SHEET)
    sheet.hide_gridlines(2)
    sheet.write("A1", "{{ owner }}: actions to be done", styles.title)
    sheet.write("A2", "{{ open_actions }}", styles.lead)
    top, columns = 3, []
    for index, column in enumerate(action_fields.COLUMNS):
        look, head = styles.shown, styles.top
        if isinstance(column, action_fields.ActionField):
            look = styles.asked_date if column.holds is Holds.DATE else styles.asked_text
            head = styles.top_input
            sheet.data_validation(top + 1, index, top + ROWS, index, _action_rule(column))
        columns.append({"header": column.header, "format": look, "header_format": head})
        sheet.set_column(index, index, column.width)
    sheet.add_table(top, 0, top + 1, len(columns) - 1, _table(action_fields.TABLE, columns))
    for index, spec in enumerate(columns):
        sheet.write_blank(top + 1, index, None, spec["format"])
    _as_the_sheet_of_an_owner(sheet, top)


def make_return_recovery(path: Path) -> None:
    """The sheet Recovery, which the returns of a few owners have."""
    workbook = _workbook(path)
    styles = _Styles(workbook)
    sheet = workbook.add_worksheet(promise_fields.SHEET)
    sheet.hide_gridlines(2)
    sheet.write("A1", "{{ owner }}: the way back to target", styles.title)
    lead = (
        "These KPIs are in escalation. Type the figure that you expect for each of the next periods, as far as you can "
        "say; what is blank stays as it is."
    )
    sheet.write("A2", lead, styles.lead)
    top, columns = 3, []
    for index, column in enumerate(promise_fields.COLUMNS):
        look, head = styles.shown, styles.top
        if isinstance(column, promise_fields.PromiseField):
            look = styles.asked_number if column.holds is Holds.NUMBER else styles.asked_text
            head = styles.top_input
            hint = {"input_title": column.header[:32], "input_message": column.hint[:255]}
            sheet.data_validation(top + 1, index, top + ROWS, index, {"validate": "any", **hint})
        columns.append({"header": column.header, "format": look, "header_format": head})
        sheet.set_column(index, index, column.width, None, {"hidden": column is fields.PERIOD})
    sheet.add_table(top, 0, top + 1, len(columns) - 1, _table(promise_fields.TABLE, columns))
    for index, spec in enumerate(columns):
        sheet.write_blank(top + 1, index, None, spec["format"])
    _as_the_sheet_of_an_owner(sheet, top)
    workbook.close()


def _as_the_sheet_of_an_owner(sheet: Any, top: int) -> None:
    """How a sheet of a return with one table looks and prints; `top` is the row of its header, from 0."""
    sheet.set_row(0, 26)
    sheet.set_row(top, 30)
    sheet.set_row(top + 1, AS_HIGH_AS_ITS_TEXTS)
    sheet.freeze_panes(top + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(top)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&8{{ classification }} · {{ owner }} · {{ period }}&R&8Page &P of &N")
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _action_rule(column: action_fields.ActionField) -> dict[str, Any]:
    hint = {"input_title": column.header[:32], "input_message": column.hint[:255]}
    if column.holds is Holds.DATE:
        return {**_date_rule(), **hint}
    if column.holds in field_cells.CHOICES:
        source = list(field_cells.CHOICES[column.holds])
        return {"validate": "list", "source": source, **hint, **_refusal(field_cells.REFUSALS[column.holds])}
    return {"validate": "any", **hint}


def _return_format(styles: _Styles, column: ReturnColumn) -> Any:
    if column is layout.LAST_PERIODS:
        return styles.chart
    if column.role is Role.HELPER:
        return styles.helper
    if column in (layout.RESULT, layout.IN_PERIOD):
        return styles.result
    if column.role is not Role.INPUT:
        return styles.formula if column.role is Role.FORMULA else styles.shown
    if column in layout.SOMETIMES:
        return styles.sometimes[_holds(column)]
    looks = {Holds.NUMBER: styles.asked_number, Holds.DATE: styles.asked_date}
    return looks.get(_holds(column), styles.asked_text)


def _holds(column: ReturnColumn) -> Holds:
    return column.holds if isinstance(column, Field) else Holds.TEXT


def _at(column: ReturnColumn) -> str:
    return f"{layout.TABLE}[[#This Row],[{column.header}]]"


def _letter(column: ReturnColumn) -> str:
    name = xlsxwriter.utility.xl_col_to_name(COLUMNS.index(column))
    return f"${name}{HEADER_ROW + 2}"


def _result() -> str:
    top, bottom = _at(fields.NUMERATOR), _at(fields.DENOMINATOR)
    # Multiplied before it is divided, so that 57 of 100 is 57 exactly; see rules.rag.actual_from_parts.
    percent = f"{_at(layout.FACTOR)}*IFERROR({_fifteen(top)},0)/{_fifteen(bottom)}"  # 0 has no logarithm
    alone = (
        f"AND(NOT({_filled(fields.NUMERATOR)}),NOT({_filled(fields.DENOMINATOR)}),"
        f'{_said(fields.NO_PARTS)}<>"",ISNUMBER({_at(fields.ACTUAL)}))'
    )
    alone = f'IF({alone},{_at(fields.ACTUAL)},"")'
    parts = f'IF(COUNT({top},{bottom})=2,IF({bottom}<=0,"",{percent}),{alone})'
    value = f'IF(ISNUMBER({_at(fields.ACTUAL)}),{_at(fields.ACTUAL)},"")'
    return f'IF({_at(layout.INPUT_KIND)}="milestone","",IF({_at(layout.INPUT_KIND)}="parts",{parts},{value}))'


def _fifteen(cell: str) -> str:
    """A number as Excel shows it, with 15 digits: it compares so, but divides what is stored; see xlperf.digits."""
    return f"ROUND({cell},14-INT(LOG10(ABS({cell}))))"


def _in_period() -> str:
    """What the period adds to the figure to date before; "" where that is not known, or not asked."""
    parts = ((fields.NUMERATOR, layout.NUMERATOR_BEFORE), (fields.DENOMINATOR, layout.DENOMINATOR_BEFORE))
    top, bottom = (f"({_at(now)}-{_at(before)})" for now, before in parts)
    numbers = ",".join(_at(column) for part in parts for column in part)
    ratio = f'IF(COUNT({numbers})=4,IF({bottom}>0,{_at(layout.FACTOR)}*{top}/{bottom},""),"")'
    actual, before = _at(fields.ACTUAL), _at(layout.ACTUAL_BEFORE)
    return f'IF({_at(layout.INPUT_KIND)}="parts",{ratio},IF(COUNT({actual},{before})=2,{actual}-{before},""))'


CHECK = "Check"
"""The return's word for a figure that would be refused."""


def _said(column: ReturnColumn) -> str:
    """An answer as the reader takes it: without the spaces around it. An Excel error is no answer."""
    return f'IFERROR(TRIM({_at(column)}),"")'


def _filled(column: ReturnColumn) -> str:
    """Whether a cell holds anything, were it an Excel error; a space alone is nothing."""
    return f'IFERROR(TRIM({_at(column)}),"{CHECK}")<>""'


def _says_yes(column: ReturnColumn) -> str:
    """Whether a cell says yes in one of the ways that returns.cells.read_yes_no takes for it."""
    return f'ISNUMBER(FIND(","&LOWER(TRIM({_at(column)}))&",",",yes,y,true,"))'


def _is_date(column: ReturnColumn) -> str:
    """Whether a cell holds a date that returns.cells.read_date takes for one; 2027 is the year somebody typed."""
    year = f"YEAR({_at(column)})"
    return f"IFERROR(AND(ISNUMBER({_at(column)}),{year}>=1985,{year}<=2118),FALSE)"


def _given() -> str:
    """Whether anything stands in the cells that the KPI's figure is read from."""
    parts = ",".join(_filled(cell) for cell in (fields.NUMERATOR, fields.DENOMINATOR, fields.ACTUAL))
    kind = _at(layout.INPUT_KIND)
    return f'IF({kind}="milestone",{_filled(fields.MILESTONE)},IF({kind}="parts",OR({parts}),{_filled(fields.ACTUAL)}))'


def _rag() -> str:
    result, lowest, highest = _at(layout.RESULT), _at(layout.LOWEST), _at(layout.HIGHEST)
    of_parts = f'AND({_at(layout.INPUT_KIND)}="parts",ISNUMBER({_at(fields.NUMERATOR)}))'
    doubtful = f"AND(NOT({of_parts}),{result}>0,{result}<={_at(layout.DOUBTFUL_TO)})"
    broken = f"AND({_at(layout.WHOLE)}=1,{result}<>ROUND({result},0))"
    refused = f"OR({result}<{lowest},{result}>{highest},ABS({result})>=10^15,{doubtful},{broken})"
    green = f"AND({result}>={_at(layout.GREEN_FROM)},{result}<={_at(layout.GREEN_TO)})"
    amber = f"AND({result}>={_at(layout.AMBER_FROM)},{result}<={_at(layout.AMBER_TO)})"
    number = (
        f'IF({refused},"{CHECK}",IF({_at(layout.GREEN_FROM)}="","{Rag.NO_TARGET}",'
        f'IF({green},"{Rag.GREEN}",IF({amber},"{Rag.AMBER}","{Rag.RED}"))))'
    )
    milestone = f'"{CHECK}"'
    for status, rag in reversed(MILESTONES.items()):
        judged = f'"{rag}"'
        if status != COMPLETE and rag is not Rag.RED:
            judged = f'IF({_at(layout.PAST_DUE)}=1,"{Rag.RED}",{judged})'
        milestone = f'IF({_said(fields.MILESTONE)}="{status}",{judged},{milestone})'
    figure = f'IF({_at(layout.INPUT_KIND)}="milestone",{milestone},IF({result}="","{CHECK}",{number}))'
    not_applicable = _says_yes(fields.NOT_APPLICABLE)
    return (
        f'IF({_given()},IF({not_applicable},"{CHECK}",{figure}),'
        f'IF({not_applicable},"{Rag.NOT_APPLICABLE}","{Rag.NOT_RETURNED}"))'
    )


def _needed() -> str:
    rag = _at(layout.RAG)
    not_applicable = f'{rag}="{Rag.NOT_APPLICABLE}"'

    def blank(column: ReturnColumn) -> str:
        return f'{_said(column)}=""'

    def keeps(name: str) -> str:
        return f'ISNUMBER(FIND(",{name}",{_at(layout.KEPT)}))'

    def empty(*columns: ReturnColumn) -> str:
        """Whether the cells are empty; one with an Excel error is not."""
        tests = ",".join(f'TRIM({_at(column)})=""' for column in columns)
        return f"IFERROR(AND({tests}),FALSE)"

    def missing(field: Field, keeps: str) -> str:
        """Whether a text is missing: an empty cell that is not kept, or an Excel error."""
        return f'IFERROR(AND(TRIM({_at(field)})="",NOT({keeps})),TRUE)'

    wants_commentary = f"ISNUMBER(SEARCH({rag},{_at(layout.COMMENTARY_FOR)}))"
    wants_action = f"ISNUMBER(SEARCH({rag},{_at(layout.ACTION_FOR)}))"
    no_commentary = missing(fields.COMMENTARY, keeps(f"{answers_owed.COMMENTARY},"))
    no_action = missing(fields.ACTION, keeps(f"{answers_owed.ACTION},"))
    # An action that is typed is another one: it has neither the owner nor the date of the last.
    no_owner = missing(fields.ACTION_OWNER, f"AND({empty(fields.ACTION)},{keeps(f'{answers_owed.ACTION_OWNER},')})")
    no_new_date = empty(fields.ACTION, fields.ACTION_DUE)
    old_date = f"AND({no_new_date},{keeps(answers_owed.NEW_ACTION_DUE)})"
    kept_date = f"AND({no_new_date},{keeps(answers_owed.ACTION_DUE)})"  # the old one too
    acts = f"OR({wants_action},NOT({no_action}))"
    wanted = (
        (f"AND({not_applicable},{blank(fields.NOT_APPLICABLE_REASON)})", answers_owed.REASON),
        (f"AND({wants_commentary},{no_commentary})", answers_owed.COMMENTARY),
        (f"AND({wants_action},{no_action})", answers_owed.ACTION),
        (f"AND({acts},{no_owner})", answers_owed.ACTION_OWNER),
        (f"AND({acts},NOT(OR({_is_date(fields.ACTION_DUE)},{kept_date})))", answers_owed.ACTION_DUE),
        (f"AND({acts},{old_date})", answers_owed.NEW_ACTION_DUE),
        (f"AND({_filled(fields.RESTATED)},{blank(fields.RESTATED_REASON)})", answers_owed.REASON_RESTATED),
        (f"AND({_says_yes(fields.CHANGED)},{blank(fields.WHAT_CHANGED)})", answers_owed.WHAT_CHANGED),
        (f"AND(NOT({not_applicable}),NOT({_says_yes(fields.VALIDATED)}))", answers_owed.VALIDATED),
    )
    listed = "&".join(f'IF({test},", {word}","")' for test, word in wanted)
    asked = f'IF({rag}="{CHECK}","check the figure",MID({listed},3,300))'
    return f'IF({rag}="{Rag.NOT_RETURNED}","{answers_owed.FIGURE}",{asked})'


_ABOUT = '&" "&'.join(_at(column) for column in (fields.REF, fields.ORG, fields.PERIOD))

FORMULAS = {
    layout.RESULT.header: _result(),
    layout.RAG.header: _rag(),
    layout.IN_PERIOD.header: _in_period(),
    layout.NEEDED.header: _needed(),
    layout.KEPT.header: f'IF({_says_yes(fields.STILL_RIGHT)},","&{_at(layout.KEEPS)}&",","")',
    layout.NEEDS.header: f'IF({_at(layout.NEEDED)}="","",{_ABOUT}&": "&{_at(layout.NEEDED)})',
}


def _rule(column: ReturnColumn) -> dict[str, Any] | None:
    """What a cell of a column may hold, and the hint shown beside it."""
    hint = {"input_title": column.header[:32], "input_message": column.hint[:255]} if column.hint else {}
    holds = _holds(column)
    if holds in field_cells.CHOICES:
        source = list(field_cells.CHOICES[holds])
        return {"validate": "list", "source": source, **hint, **_refusal(field_cells.REFUSALS[holds])}
    if column in (fields.NUMERATOR, fields.DENOMINATOR):
        test = f'=AND({_letter(layout.INPUT_KIND)}="parts",ISNUMBER({_letter(column)}))'
        text = "Type one number. If the cell is grey, this KPI does not use it: give the Actual instead."
        return {"validate": "custom", "value": test, **hint, **_refusal(text)}
    if column is fields.ACTUAL:
        cell, low, high = _letter(column), _letter(layout.LOWEST), _letter(layout.HIGHEST)
        doubt, whole = _letter(layout.DOUBTFUL_TO), _letter(layout.WHOLE)
        test = (
            f'=AND({_letter(layout.INPUT_KIND)}<>"milestone",ISNUMBER({cell}),{cell}>={low},{cell}<={high},'
            f"OR({cell}<=0,{cell}>{doubt}),OR({whole}=0,{cell}=ROUND({cell},0)))"
        )
        text = (
            "Type one number in the unit shown; for 95 % type 95. If the cell is grey, give the numerator and "
            "denominator, or say under 'Why no parts' why you have the figure alone."
        )
        return {"validate": "custom", "value": test, **hint, **_refusal(text)}
    if holds is Holds.NUMBER:
        test = f"=ISNUMBER({_letter(column)})"
        return {"validate": "custom", "value": test, **hint, **_refusal(field_cells.REFUSALS[holds])}
    if holds is Holds.DATE:
        return {**_date_rule(), **hint}
    return {"validate": "any", **hint} if hint else None


def _date_rule() -> dict[str, Any]:
    rule = {"validate": "date", "criteria": "between", "minimum": field_cells.EARLIEST, "maximum": field_cells.LATEST}
    return {**rule, **_refusal(field_cells.REFUSALS[Holds.DATE])}


def _refusal(text: str) -> dict[str, Any]:
    return {"error_title": "Please check", "error_message": text}


def _return_conditions(sheet: Any, styles: _Styles, first: int, last: int) -> None:
    def span(column: ReturnColumn) -> tuple[int, int, int, int]:
        index = COLUMNS.index(column)
        return first, index, last, index

    kind = _letter(layout.INPUT_KIND)
    used = {
        fields.NUMERATOR: "parts",
        fields.DENOMINATOR: "parts",
        fields.ACTUAL: "value",
        fields.MILESTONE: "milestone",
    }
    for column, only in used.items():
        test = f'{kind}<>"",{kind}<>"{only}"'
        if column is fields.ACTUAL:
            # Of a KPI with parts it is used if it stands alone; what is typed in it must be seen.
            test += f',OR({kind}="milestone",AND({_letter(column)}="",{_letter(fields.NO_PARTS)}=""))'
        rule = {"type": "formula", "criteria": f"=AND({test})", "format": styles.unused}
        sheet.conditional_format(*span(column), rule)
    for word, fill in styles.rag.items():
        sheet.conditional_format(
            *span(layout.RAG), {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": fill}
        )
    rule = {"type": "formula", "criteria": f'=AND({kind}<>"",{kind}<>"parts")', "format": styles.unused}
    sheet.conditional_format(*span(fields.NO_PARTS), rule)
    # Nothing can be kept where nothing was said; what is typed there all the same must be seen.
    still = f'=AND({kind}<>"",{_letter(layout.KEEPS)}="",{_letter(fields.STILL_RIGHT)}="")'
    sheet.conditional_format(*span(fields.STILL_RIGHT), {"type": "formula", "criteria": still, "format": styles.unused})
    needed = _letter(layout.NEEDED)
    names = [(field, field.needed_as) for field in FIELDS if field.needed_as]
    for field, name in (*names, (fields.ACTION_DUE, answers_owed.NEW_ACTION_DUE)):
        # ", action" must not be found in "action owner": the words are compared between their commas.
        test = f'=ISNUMBER(SEARCH(", {name},",", "&{needed}&","))'
        sheet.conditional_format(*span(field), {"type": "formula", "criteria": test, "format": styles.wanted})


# The master ---------------------------------------------------------------------------------------------------------


def make_master(path: Path) -> None:
    """The master: the cover, Dashboard, the lists, and a hidden sheet."""
    workbook = _workbook(path)
    styles = _Styles(workbook)
    _cover(workbook, styles)
    _dashboard(workbook, styles)
    for sheet in SHEETS:
        if sheet is chart.SHEET:
            _chart_sheet(workbook, styles)
        elif sheet.name not in (contents.NAME, dashboard.SHEET.name, *hidden.NAMES):
            _list_sheet(workbook, styles, sheet, sheet.table)
    behind = workbook.add_worksheet(hidden.NAME)
    typed = [{"header": header, "format": styles.shown} for header in hidden.TYPED.headers]
    behind.add_table(0, 0, 1, len(typed) - 1, _table(master.TYPED, typed))
    behind.add_table(0, 10, 1, 10, _table(master.STAGES, [{"header": header} for header in hidden.STAGES.headers]))
    workbook.define_name("stage_list", "=xlperf!$K$2:$K$21")
    behind.very_hidden()
    for sheet in hidden.WRITTEN:
        behind = workbook.add_worksheet(sheet.name)
        typed = [{"header": header, "format": styles.shown} for header in sheet.headers]
        behind.add_table(0, 0, 1, len(typed) - 1, _table(sheet.table, typed))
        behind.very_hidden()
    workbook.close()


GO_TO = "Go to"
"""A column of links on the cover: a formula of the table, which fills it down for whatever sheets there are."""


def _cover(workbook: xlsxwriter.Workbook, styles: _Styles) -> None:
    """What the workbook is, and what is on which sheet: one table, which a collation writes, and links."""
    sheet = workbook.add_worksheet(contents.NAME)
    sheet.hide_gridlines(2)
    sheet.write_blank("A1", None, styles.title)
    workbook.define_name(master.CONTENTS_TITLE, f"={contents.NAME}!$A$1")
    says = "What this workbook is, and what is on which sheet. One table; sheets of your own are not in it."
    sheet.write("A2", says, styles.lead)
    sheet.set_row(0, 26)
    sheet.set_row(1, 20)
    top = 3
    look = {"font_size": 11, "valign": "top", "bottom": 1, "bottom_color": RULE}
    what = workbook.add_format({**look, "bold": True, "font_color": NAVY, "num_format": "@", "text_wrap": True})
    which = workbook.add_format({**look, "num_format": "@", "text_wrap": True})
    link = workbook.add_format({**look, "font_color": BLUE, "underline": 1})
    looks = {contents.COLUMNS[0].header: what, contents.COLUMNS[1].header: which, master.KIND: styles.helper}
    columns: list[dict[str, Any]] = [
        {"header": each.header, "header_format": styles.head, "format": looks[each.header]} for each in contents.COLUMNS
    ]
    name, kind = (f"{master.CONTENTS}[[#This Row],[{each.header}]]" for each in contents.COLUMNS[::2])
    target = f'"#\'"&SUBSTITUTE({name},"\'","\'\'")&"\'!A1"'
    formula = f'=IF({kind}="{master.SHEET_ROW}",HYPERLINK({target},"Go to "&{name}),"")'
    columns.append({"header": GO_TO, "header_format": styles.head, "format": link, "formula": formula})
    for index, each in enumerate(contents.COLUMNS):
        sheet.set_column(index, index, each.width, None, {"hidden": each.header == master.KIND})
    sheet.set_column(len(columns) - 1, len(columns) - 1, 24)
    sheet.add_table(top, 0, top + 1, len(columns) - 1, _table(master.CONTENTS, columns))
    for index, column in enumerate(columns[:-1]):
        sheet.write_blank(top + 1, index, None, column["format"])
    sheet.set_row(top, 18)
    sheet.set_row(top + 1, AS_HIGH_AS_ITS_TEXTS)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(top)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L&9{{{{ classification }}}} · {contents.NAME}&R&9Page &P of &N")
    sheet.activate()


_WRAPPED = {"Indicator", "Variation", "Note", "Escalation", "Executive owner"}
_LEFT = {"Ref", "Indicator", "Unit", "Change", "As at", master.LAST_PERIODS, "Note", "Escalation", "Executive owner",
         master.KIND}  # fmt: skip


def _dashboard(workbook: xlsxwriter.Workbook, styles: _Styles) -> None:
    sheet = workbook.add_worksheet("Dashboard")
    sheet.hide_gridlines(2)
    headers = dashboard.SHEET.headers
    for index, of in enumerate(dashboard.COLUMNS):
        sheet.set_column(index, index, of.width, None, {"hidden": of.header == master.KIND})
    for row, (name, style) in enumerate(
        ((master.TITLE, styles.title), (master.SUBTITLE, styles.lead), (master.SUMMARY, styles.strong))
    ):
        if name == master.SUMMARY:  # on paper it would be cut where the page ends, however much it says
            sheet.merge_range(row, 0, row, len(dashboard.ON_PAGE) - 1, None, styles.strong_line)
        else:
            sheet.write_blank(row, 0, None, style)
        workbook.define_name(name, f"=Dashboard!$A${row + 1}")
    sheet.set_row(0, 20)
    for row in (1, 2):
        sheet.set_row(row, 14)
    columns = []
    line = {"bottom": 1, "bottom_color": RULE}
    for header in headers:
        align = "left" if header in _LEFT else "right" if header in ("Latest", "Target") else "center"
        look: dict[str, Any] = {
            "align": align,
            "num_format": "@",
            "bold": header in ("Latest", "RAG"),
            **line,
        }
        if header == master.LAST_PERIODS:
            # Its bars are as wide as whatever font has them; cut, the period reported on would be lost.
            look |= {"font_name": "Segoe UI Symbol", "font_size": 8, "font_color": GREY, "shrink": True}
        if header in _WRAPPED:
            look["text_wrap"] = True
        if header in master.FIGURES_ON_DASHBOARD:
            look["shrink"] = True  # a figure is never cut, nor split over two lines
        if header in ("Unit", "Target", "As at", "Data", "Note"):
            look["font_color"] = GREY
        head = {"bold": True, "font_color": "#FFFFFF", "bg_color": NAVY, "align": align}
        columns.append(
            {
                "header": header,
                "format": workbook.add_format(look),
                "header_format": workbook.add_format(head),
            }
        )
    top = 4
    sheet.add_table(top, 0, top + 1, len(headers) - 1, _table(master.DASHBOARD, columns))
    for index, column in enumerate(columns):
        sheet.write_blank(top + 1, index, None, column["format"])
    sheet.set_row(top - 1, 5)
    sheet.set_row(top + 1, AS_HIGH_AS_ITS_TEXTS)
    sheet.set_row(top, 15)
    _dashboard_conditions(workbook, sheet, styles, top + 1, len(headers) - 1)
    sheet.freeze_panes(top + 1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.2, right=0.2, top=0.2, bottom=0.42)
    sheet.center_horizontally()
    sheet.print_area(0, 0, top + 1, len(dashboard.ON_PAGE) - 1)
    sheet.repeat_rows(top)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&9{{ classification }} · {{ organisation }}&R&9Page &P of &N")


def _dashboard_conditions(workbook: xlsxwriter.Workbook, sheet: Any, styles: _Styles, first: int, last: int) -> None:
    headers = dashboard.SHEET.headers
    kind = f"${xlsxwriter.utility.xl_col_to_name(last)}{first + 1}"
    add = workbook.add_format
    whole = (first, 0, first + ROWS, last - 1)

    def when(test: str, look: dict[str, Any], span: tuple[int, int, int, int] = whole) -> None:
        sheet.conditional_format(*span, {"type": "formula", "criteria": test, "format": add(look)})

    ref = (first, 0, first + ROWS, 0)
    when(f'={kind}="{master.SECTION_ROW}"', {"bold": True, "font_color": NAVY}, ref)
    when(f'={kind}="{master.SECTION_ROW}"', {"bg_color": PALE, "top": 1, "top_color": NAVY, "font_color": GREY})
    when(f'={kind}="{master.KEY_ROW}"', {"font_color": GREY, "bottom": 0})
    for header, words in _COLOURS.items():
        column = headers.index(header)
        span = (first, column, first + ROWS, column)
        for word, look in words.items():
            rule = {"type": "text", "criteria": "begins with", "value": word, "format": add(look)}
            if header == "RAG":
                rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": add(look)}
            sheet.conditional_format(*span, rule)


_COLOURS: dict[str, dict[str, dict[str, Any]]] = {
    "RAG": {word: {"bg_color": fill} for word, fill in FILLS.items()}
    | {word: {"font_color": GREY, "bold": False} for word in ("No target", "Not due", "Not applicable")}
    | {"Not returned": {"bg_color": "#D9DDE0", "bold": True}},
    "Change": {"▲": {"font_color": BLUE}, "▼": {"font_color": ORANGE, "bold": True}},
    "Variation": {
        **{word: {"font_color": BLUE, "bold": True} for word in ("improving",)},
        **{word: {"font_color": ORANGE, "bold": True} for word in ("concerning",)},
    },
    "Assurance": {"will meet": {"font_color": BLUE, "bold": True}, "will miss": {"font_color": ORANGE, "bold": True}},
}


TITLE_ROWS = 2
"""Rows above the table of a list: its title, and what it shows."""


def _list_sheet(
    workbook: xlsxwriter.Workbook, styles: _Styles, of: MasterSheet[Any], table: str, locked: bool = False
) -> None:
    sheet = workbook.add_worksheet(of.name)
    sheet.hide_gridlines(2)
    columns = []
    for index, record in enumerate(of.columns):
        heading = styles.head_input if record.is_typed else styles.head
        look = _look(styles, record, of.wraps)
        columns.append({"header": record.header, "format": look, "header_format": heading})
        sheet.set_column(index, index, record.width)
    head = 0 if locked else TITLE_ROWS
    first = head + 1
    if not locked:
        sheet.write("A1", of.name, styles.title)
        sheet.write("A2", of.shows, styles.lead)
        sheet.set_row(0, 26)
    sheet.set_row(head, of.header_height)
    if of.row_height:
        sheet.set_row(first, of.row_height)
    options = _table(table, columns, autofilter=True)
    headers = of.headers
    sheet.add_table(head, 0, first, len(headers) - 1, options)
    for index, column in enumerate(columns):
        sheet.write_blank(first, index, None, column["format"])
    for index in (headers.index(header) for header in ("RAG", master.FORECAST_RAG) if header in headers):
        for word, fill in styles.rag.items():
            rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": fill}
            sheet.conditional_format(first, index, 100_000, index, rule)
    if master.DECIDED in headers:
        index = headers.index(master.DECIDED)
        rule = {
            "validate": "list",
            "source": "=stage_list",
            **_refusal("Choose a stage from the list, or None."),
        }
        sheet.data_validation(first, index, head + ROWS, index, rule)
    for index, record in enumerate(of.columns):
        if record.is_typed and record.kind is ColumnKind.DATE:
            sheet.data_validation(first, index, head + ROWS, index, _date_rule())
        if record.choices:
            says = {"error_type": "information", "input_message": f"{record.says[:1].upper()}{record.says[1:]}."}
            rule = {"validate": "list", "source": list(record.choices), **says}
            sheet.data_validation(first, index, head + ROWS, index, rule)
    sheet.freeze_panes(first, 2 if len(headers) > 2 else 0)
    _print_setup(sheet, of, locked)
    if locked:
        sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})


SMALLEST_SCALE = 89
"""Per cent at which a text of 9 points is 8 on paper, which is the smallest that a meeting can read."""


def _print_setup(sheet: Any, of: MasterSheet[Any], locked: bool) -> None:
    """On A4, at a scale that can be read, on as many pages across as that takes; the first columns stand on each."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0 if locked else TITLE_ROWS)
    if locked:
        sheet.fit_to_pages(1, 0)
        sheet.set_header(f"&L&12{of.name} · {{{{ organisation }}}}")
        sheet.set_footer(f"&L&8{{{{ classification }}}} · {of.name}&R&8Page &P of &N")
        return
    sheet.set_print_scale(SMALLEST_SCALE)
    sheet.set_margins(left=0.2, right=0.2, top=0.6, bottom=0.5)
    # On paper the header of each page has the title, as does that of masters whose tables begin in the first row.
    sheet.set_header(f"&L&13{of.name} · {{{{ organisation }}}}", {"margin": 0.25})
    sheet.repeat_columns(0, of.kept - 1)
    last = of.headers.index(of.printed_to) if of.printed_to else len(of.headers) - 1
    sheet.print_area(TITLE_ROWS, 0, TITLE_ROWS + 1, last)
    sheet.set_footer(f"&L&9{{{{ classification }}}} · {of.name}&R&9Page &P of &N")


LINES: dict[str, dict[str, Any]] = {
    "Process limits": {"line": {"color": "#768692", "width": 1.25, "dash_type": "square_dot"}},
    "Mean": {"line": {"color": "#212B32", "width": 1}},
    "Target": {"line": {"color": "#7C2855", "width": 2, "dash_type": "long_dash"}},
    "Figure": {"line": {"color": GREY, "width": 1.5}, "marker": ("circle", 5, "#768692")},
    "Figure without a line": {"marker": ("circle", 5, "#768692")},
    "Special cause: improvement": {"marker": ("circle", 9, BLUE)},
    "Special cause: concern": {"marker": ("diamond", 11, "#D5540A")},
    "Special cause: no better direction": {"marker": ("triangle", 10, "#330072")},
}
"""How the lines and points of the chart look: each its own dashes or shape, so that they can be told apart in grey."""


def _chart_sheet(workbook: xlsxwriter.Workbook, styles: _Styles) -> None:
    """Two lists, the chart, the table behind the lists, and the formulas behind the chart at the right."""
    sheet = workbook.add_worksheet(chart.SHEET.name)
    sheet.hide_gridlines(2)
    sheet.write("A1", "Chart", styles.title)
    sheet.write("A2", "Choose a KPI and an organisation in the two yellow cells; a collation leaves them.", styles.lead)
    sheet.set_row(0, 26)
    for row, label in enumerate(("KPI", "Organisation", "The chart is of", "In words", "Note"), start=3):
        sheet.write(f"A{row}", label, styles.strong)
    for name, formula in chart_formulas.names():
        workbook.define_name(name, formula)
    for cell, name, says in (
        (chart_formulas.KPI_CELL, "chart_kpis", "Choose a KPI from the list."),
        (chart_formulas.ORG_CELL, "chart_orgs", "Choose an organisation that reports this KPI from the list."),
    ):
        sheet.data_validation(cell, {"validate": "list", "source": f"={name}", **_refusal(says)})
    for cell, formula in chart_formulas.CELLS.items():
        is_input = cell in (chart_formulas.KPI_CELL, chart_formulas.ORG_CELL)
        sheet.write_formula(cell, formula, styles.choice if is_input else styles.body)
    for row in (4, 5, 6):
        sheet.set_row(row, 15 if row == 4 else 29)
    _table_behind_lists(sheet, styles)
    _formulas_behind_chart(workbook, sheet, styles)
    sheet.freeze_panes(2, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.5)
    sheet.print_area(0, 0, 32, 1)
    sheet.fit_to_pages(1, 1)
    sheet.set_footer(f"&L&9{{{{ classification }}}} · {chart.SHEET.name}&R&9Page &P of &N")


def _table_behind_lists(sheet: Any, styles: _Styles) -> None:
    top = chart_formulas.TABLE_ROW - 1
    sheet.write(top - 1, 0, "What the lists offer (xlperf writes this table)", styles.strong)
    columns = [{"header": each.header, "format": _look(styles, each, wraps=False), "header_format": styles.head}
               for each in chart.COLUMNS]  # fmt: skip
    sheet.add_table(top, 0, top + 1, len(columns) - 1, _table(master.CHART, columns))
    for index, (column, record) in enumerate(zip(columns, chart.COLUMNS, strict=True)):
        sheet.write_blank(top + 1, index, None, column["format"])
        sheet.set_column(index, index, max(record.width, 18) if index == 0 else record.width)
    sheet.set_row(top, chart.SHEET.header_height)


def _formulas_behind_chart(workbook: xlsxwriter.Workbook, sheet: Any, styles: _Styles) -> None:
    first = chart_formulas.FIRST_ROW
    day = workbook.add_format({"num_format": ColumnKind.DATE.number_format})
    sheet.write("O1", "Behind the chart: formulas that look up what is chosen", styles.strong)
    for row, (words, formula) in enumerate(chart_formulas.chosen(), start=first):
        sheet.write(f"O{row}", words)
        sheet.write_formula(f"P{row}", formula, day if "ends" in words else None)
    for letter, header, formulas in chart_formulas.periods():
        sheet.write(f"{letter}{first - 1}", header)
        for row, formula in enumerate(formulas, start=first):
            sheet.write_formula(
                f"{letter}{row}", formula, day if header in ("Period ends", "Halfway to next") else None
            )
    sheet.write(f"{chart_formulas.DATES}{first - 1}", "Drawn at")
    for row, formula in enumerate(chart_formulas.dates(), start=first):
        sheet.write_formula(f"{chart_formulas.DATES}{row}", formula, day)
    _, dates = xlsxwriter.utility.xl_cell_to_rowcol(f"{chart_formulas.DATES}1")
    drawing = workbook.add_chart({"type": "line"})
    name_of_place = []
    for index, (name, cells) in enumerate(chart_formulas.drawn(), start=dates + 1):
        sheet.write(first - 2, index, name)
        for row, cell in enumerate(cells, start=first - 1):
            if cell is not None:
                sheet.write_formula(row, index, cell)
        rows = (first - 1, first + len(cells) - 2)
        drawing.add_series(_line(sheet.name, name, (rows[0], index, rows[1], index), dates))
        name_of_place.append(name)
    named = {name: place for place, name in reversed(list(enumerate(name_of_place)))}
    extra = [place for place, name in enumerate(name_of_place) if named[name] != place or name not in _IN_LEGEND]
    drawing.set_legend({"position": "bottom", "font": {"size": 10}, "delete_series": extra})
    drawing.show_blanks_as("span")
    drawing.show_hidden_data()
    drawing.set_x_axis({"date_axis": True, "num_format": "mmm yy", "num_font": {"size": 10},
                        "major_unit": 3, "major_unit_type": "months", "name": "Period ending",
                        "name_font": {"size": 10, "bold": False}, "label_position": "low",
                        "major_tick_mark": "none", "minor_tick_mark": "none"})  # fmt: skip
    drawing.set_y_axis({"num_font": {"size": 10}, "major_gridlines": {"visible": True, "line": {"color": "#E8EDEE"}}})
    drawing.set_size({"width": 860, "height": 460})
    says = "SPC chart of the KPI and organisation chosen above; what it shows stands in words in the cells above it."
    sheet.insert_chart("A9", drawing, {"description": says, "object_position": 3})


_IN_LEGEND = [name for name in LINES if name != "Figure without a line"]


def _line(sheet: str, name: str, values: tuple[int, int, int, int], dates: int) -> dict[str, Any]:
    look = LINES[name]
    shape = look.get("marker")
    marker: dict[str, Any] = {"type": "none"}
    if shape:
        kind, size, colour = shape
        marker = {"type": kind, "size": size, "fill": {"color": colour}, "border": {"color": "#FFFFFF", "width": 0.5}}
    return {
        "name": name,
        "categories": [sheet, values[0], dates, values[2], dates],
        "values": [sheet, *values],
        "line": look.get("line", {"none": True}),
        "marker": marker,
    }


def _look(styles: _Styles, column: MasterColumn[Any], wraps: bool) -> Any:
    if column.is_typed:
        return {ColumnKind.DATE: styles.date, ColumnKind.NUMBER: styles.number}.get(column.kind, styles.text)
    if column.kind is ColumnKind.DATE:
        return styles.day
    if column.kind is ColumnKind.NUMBER:
        return styles.figure
    return styles.shown if wraps else styles.plain


if __name__ == "__main__":
    main()
