"""Writes docs/sbom.cdx.json: every package that comes with xlperf, its version and licence, as a CycloneDX SBOM.

It is made from a fresh virtual environment with xlperf and its PostgreSQL extra and nothing else, as a user has it on
this system. On Windows and macOS xlwings comes too, and with it pywin32 or psutil and appscript.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
SBOM = ROOT / "docs" / "sbom.cdx.json"


def main() -> None:
    """Make it; takes a minute, most of it installing."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        _run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"{ROOT}[postgres]")
        _run(python, "-m", "pip", "uninstall", "--quiet", "--yes", "pip", "setuptools")
        _run(
            sys.executable, "-m", "cyclonedx_py", "environment", python, "--pyproject", ROOT / "pyproject.toml",
            "--output-reproducible", "--output-format", "JSON", "--output-file", SBOM,
        )  # fmt: skip
    SBOM.write_text(json.dumps(_without_places(json.loads(SBOM.read_text())), indent=1, ensure_ascii=False) + "\n")


def _run(*command: object) -> None:
    subprocess.run([str(each) for each in command], check=True)


def _without_places(sbom: dict[str, object]) -> dict[str, object]:
    """Leave out xlperf itself, which is named as what the SBOM is about, with where it was installed from."""
    components = sbom["components"]
    if not isinstance(components, list):
        raise TypeError("the SBOM has no list of components")
    sbom["components"] = [each for each in components if each["name"] != "xlperf"]
    return sbom


if __name__ == "__main__":
    main()
