"""Writing in bulk, with a note for every row of what was there before, so that a batch can be undone."""

import uuid
from collections import Counter
from collections.abc import Sequence

from django.db import models
from django.utils import timezone

from orgs.effects.columns import all_columns, label_of, stored, stored_values, target_uid, without_blanks
from orgs.importing import bulk
from orgs.importing.plainrows import Mark, shape_of
from orgs.models import ImportBatch, ImportEffect

NOTE = ("batch_id", "table", "target_uid", "after", "version_after")


class Writer:
    """Writes the rows of one batch inside the caller's transaction; call `finish` once at the end."""

    def __init__(self, batch: ImportBatch):
        self.batch = batch
        self.at = timezone.now()
        self.written: Counter[str] = Counter()
        self._effects: dict[tuple[str, uuid.UUID], ImportEffect] = {}

    def insert(self, model: type[models.Model], records: list[models.Model]) -> None:
        """Add new rows; their keys are set on the objects."""
        if not records:
            return
        names = all_columns(model)
        bulk.insert(model, records)
        for record in records:
            self._note(record, before=None, after=without_blanks(stored_values(record, names)), version_before=None)

    def insert_plain(
        self, model: type[models.Model], columns: dict[str, Sequence], keys: Sequence[int] | None = None
    ) -> None:
        """Add new rows given by their columns, among them `uid` with texts; for very many of them.

        The batch does not touch these rows again: their notes, which have only a fingerprint, are stored at once.
        `keys` (orgs.importing.bulk.draw_keys) where other rows will point at them.
        """
        uids = columns["uid"]
        if not uids:
            return
        texts = bulk.insert_plain(shape_of(model, tuple(columns)), list(columns.values()), at=self.at, keys=keys)
        table, number = label_of(model), len(uids)
        notes = [[self.batch.pk] * number, [table] * number, uids, [*map(Mark, texts)], [1] * number]
        bulk.insert_plain(shape_of(ImportEffect, NOTE), notes, at=self.at)
        self.written[table] += number

    def update(self, model: type[models.Model], changes: list[tuple[models.Model, dict]]) -> None:
        """Change rows: `changes` holds (record as locked and read, {attribute: new value}).

        All columns named anywhere in `changes` are written for each of them.
        """
        if not changes:
            return
        names: dict[str, None] = {}
        for record, values in changes:
            before = stored_values(record, values)
            for name, value in values.items():
                setattr(record, name, value)
                names[name] = None
            record.version += 1
            self._note(record, before, stored_values(record, values), version_before=record.version - 1)
        fields = [field.name for field in model._meta.concrete_fields if field.attname in names]
        bulk.overwrite(model, [record for record, _ in changes], [*fields, "version"])

    def note(self, record: models.Model, *, before: dict, after: dict, version_before: int) -> None:
        """Note a change of a row that a service wrote; values are attributes → values."""
        self._note(
            record,
            {name: stored(value) for name, value in before.items()},
            {name: stored(value) for name, value in after.items()},
            version_before,
        )

    def note_new(self, record: models.Model) -> None:
        """Note a row that a service added."""
        after = without_blanks(stored_values(record, all_columns(type(record))))
        self._note(record, None, after, None)

    def finish(self) -> int:
        """Store the notes; return the number of rows written."""
        self.store()
        return self.written.total()

    def store(self) -> None:
        """Store the notes so far, so that they are not kept in memory: these rows are not touched again."""
        bulk.insert(ImportEffect, list(self._effects.values()))
        self._effects.clear()

    def _note(self, record: models.Model, before: dict | None, after: dict, version_before: int | None) -> None:
        table, uid = label_of(type(record)), target_uid(record)
        version = getattr(record, "version", 1)
        known = self._effects.get((table, uid))
        if known is None:
            self.written[table] += 1
            self._effects[table, uid] = ImportEffect(
                batch=self.batch,
                table=table,
                target_uid=uid,
                before=before,
                after=after,
                version_before=version_before,
                version_after=version,
            )
            return
        # Written twice in one batch: the state before stays the first one.
        if known.before is not None and before is not None:
            known.before = {**before, **known.before}
        known.after = {**known.after, **after}
        known.version_after = version
