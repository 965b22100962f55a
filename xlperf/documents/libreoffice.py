"""PDF by way of LibreOffice, where there is no Excel."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from xlperf.durable import replace_file
from xlperf.errors import WorkbookError

SECONDS = 180
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
)


def libreoffice() -> str | None:
    """The LibreOffice program on this machine; None if there is none."""
    return shutil.which("soffice") or shutil.which("libreoffice") or next(filter(os.path.exists, _PLACES), None)


def to_pdf(workbook: Path, pdf: Path) -> None:
    """Print the visible sheets of a workbook to a PDF.

    Raises:
        WorkbookError: there is no LibreOffice, or it fails; `pdf` is then not made.
    """
    program = libreoffice()
    if program is None:
        raise WorkbookError(
            "no LibreOffice was found to make a PDF with; install it, or print the Dashboard sheet in Excel"
        )
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder) / "profile"
        _settings_of(profile)
        command = [
            program,
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            "pdf",
            "--outdir",
            folder,
        ]
        try:
            done = subprocess.run([*command, str(workbook)], capture_output=True, timeout=SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise WorkbookError(f"LibreOffice could not make the PDF ({error})") from error
        made = Path(folder) / f"{workbook.stem}.pdf"
        if done.returncode != 0 or not made.exists():
            output = (done.stderr or done.stdout).decode(errors="replace").strip()[:200]
            raise WorkbookError(f"LibreOffice could not make the PDF: {output or 'it gave no reason'}")
        replace_file(pdf, made.read_bytes())


_FETCH_NOTHING = (
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("org.openoffice.Office.Calc/Content/Update", "Link", "1"),  # never
    ("org.openoffice.Office.Calc/Formula/Load", "OOXMLRecalcMode", "1"),  # never: our own sheets hold values
)
"""People's own sheets may hold links and formulas that fetch something; a PDF of the dashboard needs none of them."""


def _settings_of(profile: Path) -> None:
    """Write the settings of a LibreOffice that runs nothing and fetches nothing, for this one print."""
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _FETCH_NOTHING
    )
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema">{items}</oor:items>\n',
        encoding="utf-8",
    )
