"""What a team may set for its workspace, in `workspace.yaml`; everything has a default, and the file may be absent."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from xlperf.errors import WorkspaceError
from xlperf.ledger.opening import is_url
from xlperf.workbook.reader import ReadingLimits

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
    data_years: int = Field(
        0, ge=0, le=100, strict=True,
        description="How many years of figures the sheet Data shows, up to the reporting period; 0 for all. Every "
        "figure stays in the ledger, and in every judgement.",
    )  # fmt: skip
    limits: ReadingLimits = Field(
        ReadingLimits(), description="The most that is opened of a returned file; see docs/limits.md."
    )

    fast_reader: bool = Field(
        True,
        description="Read ordinary workbooks without a parser, which takes two thirds of the time; `no` reads every "
        "file with it, to the same result.",
    )

    @field_validator("limits", mode="before")
    @classmethod
    def _no_truth(cls, values: object) -> object:
        """Pydantic would make a limit of 1 of `true` and `yes`."""
        for name, value in values.items() if isinstance(values, dict) else ():
            if isinstance(value, bool):
                raise ValueError(f"{name} is {str(value).lower()}, but must be a whole number above 0")
        return values


def load_settings(root: Path) -> Settings:
    """The settings in a workspace folder. Raises WorkspaceError, naming what is wrong in the file."""
    path = root / SETTINGS
    if not path.exists():
        return Settings()
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
        return Settings.model_validate(values or {})
    except yaml.MarkedYAMLError as error:  # not its own words, which repeat a line in which a password may stand
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise WorkspaceError(f"{path}{line}: cannot be read ({error.problem})") from None
    except ValidationError as error:
        fault = error.errors()[0]
        allowed = ", ".join(Settings.model_fields)
        where = ".".join(str(part) for part in fault["loc"]) or "the file"
        name = "an address without 'ledger: ' before it" if is_url(where) else where
        raise WorkspaceError(f"{path}: {name}: {fault['msg']}; it may have {allowed}") from None
    except RecursionError:
        raise WorkspaceError(f"{path}: cannot be read (it is nested too deeply)") from None
    except (OSError, ValueError, yaml.YAMLError) as error:  # ValueError: it is not UTF-8, or has a 45th of December
        raise WorkspaceError(f"{path}: cannot be read ({error})") from error
