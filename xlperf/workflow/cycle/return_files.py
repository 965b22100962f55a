"""The files of returns: a form filled into the template, by stamping where that can be done, else by the editor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xlperf.errors import XlperfError
from xlperf.returns import action_fields, layout, promise_fields
from xlperf.returns.field_cells import CHOICES, EARLIEST, LATEST, LIKE, REFUSALS
from xlperf.returns.fields import Field, Holds, ReturnColumn, Role
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.package import Package
from xlperf.workbook.port import Look, Typing
from xlperf.workbook.properties import set_title
from xlperf.workbook.stamping.slots import Filling
from xlperf.workbook.stamping.stamp import Stamp, Unstampable

if TYPE_CHECKING:
    from xlperf.returns.issue import ReturnForm

TABLES = (layout.TABLE, action_fields.TABLE, layout.GLOSSARY_TABLE, layout.IDENTITY_TABLE)
"""The tables of the template that are filled; a few returns have the sheet Recovery too, which has its own template."""


def filling_of(form: ReturnForm) -> Filling:
    """What a return's file is filled with."""
    identity = [{"item": item, "value": value} for item, value in form.identity.as_items()]
    rows = dict(zip(TABLES, (form.rows, form.actions, form.glossary, identity), strict=True))
    if form.recovery:
        rows[promise_fields.TABLE] = form.recovery
    return Filling(form.words, f"{form.words['owner']}: return for {form.words['period']}", rows)


class ReturnFiles:
    """Makes the files of returns from one template, which is taken apart once.

    The first file is made by the editor too. Where the two are not the same bytes, for something in the template that
    nobody has thought of, or where it cannot be taken apart, the editor makes all of them.
    """

    def __init__(self, templates: Sequence[Path]) -> None:
        """Use the first template; one without the sheet Actions has it from the last, which ships with xlperf.

        The sheet Recovery comes from the template of its own, in the first of these folders that has it.

        Raises WorkbookError where it cannot be read.
        """
        self._template, self._shipped = Package.open(templates[0]), templates[-1]
        beside = [each.with_name(promise_fields.TEMPLATE) for each in templates]
        self._recovery = next((each for each in beside if each.exists()), beside[-1])
        self._stamp: Stamp | None = None
        self._lacking = frozenset[str]()
        self._is_tried = False

    @property
    def is_stamped(self) -> bool:
        """Whether the files after the first are stamped."""
        return self._stamp is not None

    def file_of(self, filling: Filling) -> bytes:
        """The bytes of a return's file. Raises TemplateError, WorkbookError."""
        if promise_fields.TABLE in filling.rows:
            return self._by_editor(filling)
        if not self._is_tried:
            self._is_tried = True
            by_editor = self._by_editor(filling)
            self._stamp = self._sound_stamp(filling, by_editor)
            return by_editor
        return self._stamped(self._stamp, filling) if self._stamp else self._by_editor(filling)

    def _sound_stamp(self, filling: Filling, by_editor: bytes) -> Stamp | None:
        try:
            book = self._opened()
            _grow(book)
            _add_actions(book, self._shipped, None)
            self._lacking = _lacking(book)
            stamp = Stamp(book, TABLES)
            return stamp if self._stamped(stamp, filling) == by_editor else None
        except (Unstampable, XlperfError):
            return None

    def _stamped(self, stamp: Stamp, filling: Filling) -> bytes:
        return stamp.stamped(_without(self._lacking, filling))

    def _by_editor(self, filling: Filling) -> bytes:
        book = self._opened()
        if promise_fields.TABLE in filling.rows:
            book.add_sheet(FileWorkbook.open(self._recovery).to_bytes(), promise_fields.SHEET, _after(book))
        fill(book, filling, self._shipped)
        return book.compressed()

    def _opened(self) -> FileWorkbook:
        return FileWorkbook(Package(self._template.to_bytes(), self._template.file))


def fill(book: FileWorkbook, filling: Filling, shipped: Path) -> None:
    """Fill an open copy of the template. Raises TemplateError, WorkbookError.

    `shipped` is the template that ships with xlperf: it gives the sheet Actions to one that was restyled from an
    earlier version's.
    """
    book.fill(filling.words)
    set_title(book.package, filling.title)
    _grow(book)
    _add_actions(book, shipped, filling.words)
    for table, rows in _without(_lacking(book), filling).rows.items():
        book.write_table(table, rows)


def _after(book: FileWorkbook) -> str:
    """The name of the sheet after which Recovery stands: Actions, where it has that already."""
    tables = {name.casefold() for name in book.table_names()}
    return book.body(action_fields.TABLE if action_fields.TABLE in tables else layout.TABLE)[0]


def _add_actions(book: FileWorkbook, shipped: Path, words: Mapping[str, object] | None) -> None:
    """Add the sheet Actions where it is lacking; its placeholders are left where there are no words."""
    if action_fields.TABLE in {name.casefold() for name in book.table_names()}:
        return
    template = FileWorkbook.open(shipped)
    if words is not None:
        template.fill(words)
    book.add_sheet(template.to_bytes(), action_fields.SHEET, book.body(layout.TABLE)[0])


def _without(lacking: frozenset[str], filling: Filling) -> Filling:
    """A filling without the cells of columns that the template of the return lacks."""
    if not lacking:
        return filling
    rows = [
        {header: value for header, value in row.items() if header not in lacking} for row in filling.rows[layout.TABLE]
    ]
    return Filling(filling.words, filling.title, {**filling.rows, layout.TABLE: rows})


def _lacking(book: FileWorkbook) -> frozenset[str]:
    """The newer columns, of formulas, that a template restyled from an earlier version's does not have."""
    headers = {header.casefold() for header in book.columns(layout.TABLE)}
    return frozenset(each.header for each in layout.COLUMNS if each.since > 1 and each.header.casefold() not in headers)


def _grow(book: FileWorkbook) -> None:
    """If a template was restyled from an earlier version's, add the columns that it lacks at its right end.

    Columns of formulas, and helpers for them, are not among them: its own formulas do without.
    """
    headers = {header.casefold() for header in book.columns(layout.TABLE)}
    newer = [
        column
        for column in layout.COLUMNS
        if column.since > 1 and column.role in (Role.INPUT, Role.SHOWN) and column.header.casefold() not in headers
    ]
    if newer:
        book.add_columns(layout.TABLE, {each.header: _look(each) for each in newer})


def _look(column: ReturnColumn) -> Look:
    if isinstance(column, Field):
        return Look(LIKE[column.holds], width=column.width, typing=_typing(column))
    return Look(layout.TARGET.header, width=column.width)


def _typing(field: Field) -> Typing:
    return Typing(
        title=field.header,
        hint=field.hint,
        refusal=REFUSALS.get(field.holds, ""),
        choices=CHOICES.get(field.holds, ()),
        is_number=field.holds is Holds.NUMBER,
        dates=(EARLIEST, LATEST) if field.holds is Holds.DATE else None,
    )
