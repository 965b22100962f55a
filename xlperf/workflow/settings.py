"""What a team may set for its workspace, in `workspace.yaml`; everything has a default, and the file may be absent."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from xlperf.errors import WorkspaceError
from xlperf.workbook.reader import Limits

SETTINGS = "workspace.yaml"


class KeptBackups(BaseModel):
    """How many backups of the master are kept: the newest, then one a day, then one a month."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    newest: int = Field(30, ge=1)
    days: int = Field(31, ge=0)
    months: int = Field(24, ge=0)


class Settings(BaseModel):
    """The settings of a workspace."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    save_after_collate: bool = Field(
        False, description="Save the master that is open in Excel after a collation there; else its user saves it."
    )
    ledger: str = Field(
        "", description="Where the ledger is: a folder, or the postgresql:// address of a database; else `ledger`."
    )
    backups: KeptBackups = Field(KeptBackups(), description="How many backups of the master are kept.")
    limits: Limits = Field(Limits(), description="The most that is opened of a returned file; see docs/limits.md.")


def load_settings(root: Path) -> Settings:
    """The settings in a workspace folder. Raises WorkspaceError, naming what is wrong in the file."""
    path = root / SETTINGS
    if not path.exists():
        return Settings()
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
        return Settings.model_validate(said or {})
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise WorkspaceError(f"{path}: cannot be read ({error})") from error
    except ValidationError as error:
        fault = error.errors()[0]
        known = ", ".join(Settings.model_fields)
        where = ".".join(str(part) for part in fault["loc"]) or "the file"
        raise WorkspaceError(f"{path}: {where}: {fault['msg']}; it may have {known}") from error
