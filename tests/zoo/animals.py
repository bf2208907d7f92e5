"""What an animal of the zoo is: a file with one trap, and what must become of each of its rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from orgs.models import Organization
from tests.zoo.people import SHEET, record, street


class Expected(NamedTuple):
    """One row of the report. `record` None: not said, as the contract leaves open what of a bad row is kept."""

    row: int
    status: str
    codes: tuple[str, ...] = ()
    record: dict | None = None
    sheet: str = SHEET


@dataclass(frozen=True)
class Animal:
    """A file: `make` its bytes, `name` as it is uploaded, `kind` as it is asked for.

    `world` makes the books before, and gives the organization that the file is for. `rows` in the order of the report;
    `rejected` the code of a file that is refused as a whole; `issues` codes of the file and of whole sheets.
    """

    trap: str
    name: str
    make: Callable[[], bytes]
    rows: Sequence[Expected] = ()
    rejected: str = ""
    kind: str = "auto"
    issues: tuple[str, ...] = field(default=())
    world: Callable[[], Organization] = street


def ok(row: int, person: Sequence, *codes: str, sheet: str = SHEET, **changes) -> Expected:
    """A good row; codes of it are only for information."""
    return Expected(row, "ok", codes, record(person, **changes), sheet)


def warning(row: int, person: Sequence, *codes: str, sheet: str = SHEET, **changes) -> Expected:
    """A good row with something to look at."""
    return Expected(row, "warning", codes, record(person, **changes), sheet)


def error(row: int, *codes: str, sheet: str = SHEET) -> Expected:
    """A row that is not written."""
    return Expected(row, "error", codes, None, sheet)


def skipped(row: int, sheet: str = SHEET) -> Expected:
    """A row that is no data; the report says why."""
    return Expected(row, "skipped", (), {}, sheet)
