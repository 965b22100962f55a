"""Put `xlperf.xlam` together from `macros/`. For developers: people get the built file, which ships with xlperf."""

from __future__ import annotations

import io
import tempfile
import zipfile
from importlib import import_module
from pathlib import Path

import xlperf
from tools.addin import skeleton
from xlperf.desktop.addin_file import RIBBON_PART, VBA_PART
from xlperf.durable import replace_file
from xlperf.errors import UsageError, WorkbookError

_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_RIBBON = "ribbon.xml"


def build(out: Path) -> Path:
    """Write the add-in to `out`; the same macros and version always give the same bytes.

    Raises:
        UsageError: pyOpenVBA is not installed, or there are no macros to build from.
        WorkbookError: the macros do not make a sound project, or `out` cannot be written.
    """
    data = assemble()
    try:
        replace_file(out, data)
    except OSError as error:
        raise WorkbookError(f"{out}: cannot be written ({error.strerror or error})") from error
    return out


def assemble(macros: Path | None = None) -> bytes:
    """The bytes of the add-in, from the `.bas` files and `ribbon.xml` of a folder. Raises as `build`."""
    macros = macros or Path(xlperf.__file__).parents[1] / "macros"
    modules = sorted(macros.glob("*.bas"))
    if not modules or not (macros / _RIBBON).is_file():
        raise UsageError(f"{macros} has no macros to build the add-in from")
    parts: dict[str, bytes] = {name: text.encode() for name, text in skeleton.parts(xlperf.__version__).items()}
    parts[RIBBON_PART] = (macros / _RIBBON).read_bytes()
    parts |= _made_by_pyopenvba(modules)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name, _FIXED_TIME)  # stored: what is compressed differs from one zlib to the next
            info.create_system = 0
            archive.writestr(info, data)
    return buffer.getvalue()


def _made_by_pyopenvba(modules: list[Path]) -> dict[str, bytes]:
    """The binary part with the macros, made out of a project that Excel itself had made, and the theme beside it."""
    try:
        excel_file = import_module("pyopenvba").ExcelFile
    except ImportError as error:
        raise UsageError(
            "pyOpenVBA is not installed, and building the add-in needs it: pip install 'xlperf[dev]'. To use the "
            "add-in nothing need be built: 'xlperf addin install'"
        ) from error
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "xlperf.xlam"
        book = excel_file.create_new(path)
        project = book.vba_project()
        for number, module in enumerate(modules):
            if number == 0:  # the one that a new project has
                project.rename_module("Module1", module.stem)
                book.set_module(module.stem, _source(module))
            else:
                project.add_module(module.stem, _source(module))
        book.save()
        faults = excel_file(path).validate()
        if faults:
            raise WorkbookError(f"the macros do not make a sound project: {'; '.join(faults)}")
        with zipfile.ZipFile(path) as archive:
            return {part: archive.read(part) for part in (skeleton.THEME_PART, VBA_PART)}


def _source(module: Path) -> str:
    """A module's text as a project holds it. Raises WorkbookError where its first line does not name it."""
    lines = module.read_text(encoding="ascii").splitlines()
    if lines[:1] != [f'Attribute VB_Name = "{module.stem}"']:
        raise WorkbookError(f'{module.name}: its first line must be: Attribute VB_Name = "{module.stem}"')
    return "\r\n".join(lines) + "\r\n"
