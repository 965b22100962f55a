"""A sheet of one workbook that another is to get: everything that belongs to it, and whether it can be taken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from xlperf.errors import WorkbookError
from xlperf.workbook.package import Package
from xlperf.workbook.parts import DEFINED_NAME, Sheet
from xlperf.workbook.xmltree import Node, local

_KINDS = {
    "chart", "chartColorStyle", "chartStyle", "chartUserShapes", "comments", "drawing", "hyperlink", "image",
    "printerSettings", "table", "themeOverride", "vmlDrawing",
}  # fmt: skip
"""What a sheet may refer to, all of it its own. A pivot table, for example, needs parts of the whole workbook."""
_FORMULAS = {"f", "formula", "formula1", "formula2", "calculatedColumnFormula", "totalsRowFormula"}
_WORD = re.compile(r"[^\W\d][\w.\\]*")
"""What may be the name of a table or a name, wherever it stands in a formula."""
_NUMBERED = re.compile(r"\d*(?=\.\w+$)")


@dataclass(frozen=True)
class TakenSheet:
    """The sheet `name` of `source`, on its way to `target`."""

    target: Package
    source: Package
    name: str

    @cached_property
    def sheet(self) -> Sheet:
        """The sheet. Raises WorkbookError where there is none of that name."""
        sheet = next((sheet for sheet in self.source.sheets if sheet.name == self.name), None)
        if sheet is None:
            raise WorkbookError(f"{self.source.file}: has no sheet '{self.name}'")
        return sheet

    @cached_property
    def parts(self) -> dict[str, str]:
        """The sheet's part and all that it leads to, each with the name that it gets."""
        new_names, ahead, taken = (
            dict[str, str](),
            [self.sheet.part],
            {part.casefold() for part in self.target.part_names},
        )
        while ahead:
            part = ahead.pop()
            if part not in new_names:
                new_names[part] = _free(part, taken)
                taken.add(new_names[part].casefold())
                ahead += [each.target for each in self.source.relationships(part)]
        return new_names

    @cached_property
    def names(self) -> list[Node]:
        """The names of the sheet, and those of the whole workbook that point at it, as they are written."""
        of_sheet = str(self.sheet.index)
        return [
            each
            for each in self.source.root(self.source.workbook_part).iterfind(DEFINED_NAME)
            if each.get("localSheetId") == of_sheet
            or (each.get("localSheetId") is None and _points_at(each.text or "", self.name))
        ]

    def check(self) -> None:
        """Raise WorkbookError where the sheet cannot be taken as it is."""
        for part in self.parts:
            for each in self.source.relationships(part):
                if each.kind not in _KINDS:
                    raise WorkbookError(
                        f"{self.source.file}: its sheet '{self.name}' holds something that cannot be taken to another "
                        f"workbook ({each.kind}); take it out of the template"
                    )
        if _namespace(self.target) != _namespace(self.source):
            raise WorkbookError(
                f"{self.target.file}: is saved as Strict Open XML; save it as an Excel Workbook (.xlsx)"
            )
        self._check_names()
        self._check_pointers()

    def _check_names(self) -> None:
        tables = [table.name for table in self.source.tables.values() if table.sheet == self.sheet]
        named = [str(each.get("name")) for each in self.names if each.get("localSheetId") is None]
        of_workbook = [each.name for each in self.target.defined_names if not each.name.startswith("_xlnm.")]
        for kind, wanted, there_is in (
            ("sheet", [self.name], [sheet.name for sheet in self.target.sheets]),
            ("table", [*tables, *named], [*self.target.tables]),
            ("name", [*tables, *named], of_workbook),
        ):
            own = {each.casefold(): each for each in there_is}
            taken = next((own[each.casefold()] for each in wanted if each.casefold() in own), None)
            if taken is not None:
                raise WorkbookError(
                    f"{self.target.file}: has a {kind} '{taken}' of your own, and xlperf's new sheet '{self.name}' "
                    "needs that name. Rename yours; its contents are kept"
                )

    def _check_pointers(self) -> None:
        sheet_names = {sheet.name.casefold() for sheet in self.target.sheets} | {self.name.casefold()}
        lacking = [sheet.name for sheet in self.source.sheets if sheet.name.casefold() not in sheet_names]
        texts = list(self._formulas())
        for other in lacking:
            if any(_points_at(text, other) for text in texts):
                raise self._lacks("sheet", other)
        words = {word.casefold() for text in texts for word in _WORD.findall(text)}
        for kind, needed, present in (
            ("table", self.source.tables, self.target.tables),
            ("name", _of_workbook(self.source), _of_workbook(self.target)),
        ):
            have = {each.casefold() for each in (*present, *self._coming)}
            absent = next((each for each in needed if each.casefold() in words and each.casefold() not in have), None)
            if absent is not None:
                raise self._lacks(kind, absent)

    def _lacks(self, kind: str, name: str) -> WorkbookError:
        return WorkbookError(
            f"{self.target.file}: gets a sheet '{self.name}' that points at a {kind} '{name}', which it does not have; "
            f"give that {kind} its name back, or take what points at it out of the template"
        )

    @property
    def _coming(self) -> list[str]:
        """The tables and names that come with the sheet."""
        return [
            *(table.name for table in self.source.tables.values() if table.sheet == self.sheet),
            *(str(each.get("name")) for each in self.names),
        ]

    def _formulas(self) -> Iterator[str]:
        """Whatever on the sheet may point at something: formulas, the links of cells, text boxes that show a cell."""
        yield from (each.text or "" for each in self.names)
        for part in self.parts:
            if part.endswith(".xml"):
                for each in self.source.root(part).iter("{*}*"):
                    if local(each) in _FORMULAS:
                        yield each.text or ""
                    yield from (each.get(name, "") for name in ("location", "textlink") if name in each.attrib)


def _free(part: str, taken: set[str]) -> str:
    """A part's name, or the next one of its kind that is free."""
    number = 1
    name = part
    while name.casefold() in taken:
        name = _NUMBERED.sub(str(number), part, count=1)
        number += 1
    return name


def _points_at(text: str, sheet: str) -> bool:
    """Whether a formula names a sheet."""
    quoted = re.escape(sheet.replace("'", "''"))
    return re.search(rf"'{quoted}'!|(?<![\w.'\]]){quoted}!", text, re.IGNORECASE) is not None


def _of_workbook(package: Package) -> list[str]:
    return [each.name for each in package.defined_names if each.sheet_index is None]


def _namespace(package: Package) -> str:
    return str(etree.QName(package.root(package.workbook_part)).namespace)
