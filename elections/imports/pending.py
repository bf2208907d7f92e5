"""Rows of the books while a roster is compared with them: as they are, and what the roster makes of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import IntegrityError, models

from orgs.importing.batching import in_chunks
from orgs.importing.dates import Dated
from orgs.importing.rows import RosterRow


@dataclass(slots=True, eq=False)
class Pending:
    """One row of a table, new or on the books. `values` {column: new value} are not yet set on `record`."""

    record: models.Model
    is_new: bool = False
    values: dict[str, object] = field(default_factory=dict)
    # The row of the file that first spoke of it.
    row: RosterRow | None = None

    def get(self, name: str):
        """The value of a column as the roster leaves it."""
        return self.values[name] if name in self.values else getattr(self.record, name)

    def put(self, name: str, value) -> bool:
        """Give a column a value; whether that changes anything."""
        if self.get(name) == value:
            return False
        self.values[name] = value
        return True

    @property
    def is_touched(self) -> bool:
        """Whether something is to be written."""
        return self.is_new or bool(self.values)


def made(entries: Iterable[Pending]) -> list[models.Model]:
    """The new rows among `entries`, with their values set."""
    records = []
    for entry in entries:
        if entry.is_new:
            for name, value in entry.values.items():
                setattr(entry.record, name, value)
            records.append(entry.record)
    return records


def changes(entries: Iterable[Pending]) -> list[tuple[models.Model, dict]]:
    """(row on the books, {column: new value}) of those among `entries` that change."""
    return [(entry.record, entry.values) for entry in entries if not entry.is_new and entry.values]


def hold(model: type[models.Model], entries: Iterable[Pending]) -> None:
    """Lock the rows that will change. IntegrityError when one was changed meanwhile: the caller starts anew."""
    wanted = {entry.record.pk: entry.record.version for entry in entries if not entry.is_new and entry.values}
    for part in in_chunks(wanted):
        found = model.objects.select_for_update().filter(pk__in=part).order_by("pk").values_list("pk", "version")
        if dict(found) != {key: wanted[key] for key in part}:
            raise IntegrityError("a row was changed meanwhile")


def same_day(stated: Dated, known) -> bool:
    """Whether a stated day, known exactly or to the month, can be a day on the books."""
    return known is not None and stated.day <= known <= stated.last_day
