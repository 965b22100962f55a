"""What every model of the catalogue is made of."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,23}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True)]
PeriodText = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\d{4}[-/]\d{2}(-[QH][1-4])?$")]


class Model(BaseModel):
    """A frozen part of the catalogue; a field it does not know is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def newer(default: Any, *, since: str, description: str, **limits: Any) -> Any:
    """A field that catalogues have had only since version `since`: left out of what is written at its default.

    So the hash of a catalogue that does not use it stays the one that is in returns already out. `limits` are those of
    pydantic's `Field`, such as `ge`.
    """
    return Field(
        default,
        description=description,
        exclude_if=lambda value: bool(value == default),
        json_schema_extra={"x-since": since},
        **limits,
    )


class Amount(Model):
    """An amount in a KPI's own unit, or in percent of something: exactly one of the two."""

    absolute: Decimal | None = Field(None, description="In the KPI's own unit; of a percentage in points, as 5.")
    relative: Decimal | None = Field(
        None, description="In percent, as 5 for 5 %: of the target, or of the earlier figure."
    )

    @model_validator(mode="after")
    def _one_of_two(self) -> Amount:
        if (self.absolute is None) == (self.relative is None):
            raise ValueError("give either 'absolute' (in the KPI's unit) or 'relative' (in percent)")
        return self
