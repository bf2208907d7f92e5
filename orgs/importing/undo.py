"""Taking a whole batch back: every row as it was before, or nothing and a list of what stands in the way.

A row may be taken back while its version is the one the batch left. When it is not, the columns the batch wrote
are compared: a later import that was itself undone left them as they were, and then nothing depends on them. The
version goes on counting, so that a form opened before the undo is still recognized as stale.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone

from orgs import audit, paths
from orgs.enums import Action, BatchState
from orgs.importing import bulk
from orgs.importing.effects import all_columns, stored_values
from orgs.importing.refusals import SHOWN, BatchClosed, UndoBlocked
from orgs.models import ImportBatch, ImportEffect, Organization
from orgs.scoping import require_right

CHUNK = 2000


@transaction.atomic
def undo(*, batch: ImportBatch, by, after_undo=None) -> ImportBatch:
    """Put back every row that `batch` wrote and mark it UNDONE, in one transaction.

    `after_undo(organization ids)` lets the roster's kind work out derived values anew. PermissionDenied without
    the right to change the batch's organization; BatchClosed when it was not applied; UndoBlocked when something
    was changed since or hangs on a new row.
    """
    require_right(by, Action.EDIT, batch.organization)
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != BatchState.APPLIED:
        raise BatchClosed(batch.state)
    tables = _tables(batch)
    touched = _lock_organizations(batch, tables)
    obstacles = _Obstacles()
    new = {model: _look_for_changes(batch, model, obstacles) for model in tables}
    for model in tables:
        _look_for_dependents(model, new, obstacles)
    obstacles.check()
    for model in reversed(tables):
        _restore(batch, model)
        _remove(model, new[model])
    if after_undo is not None:
        after_undo(touched)
    batch.state, batch.undone_by, batch.undone_at = BatchState.UNDONE, by, timezone.now()
    batch.version += 1
    batch.save(update_fields=["state", "undone_by", "undone_at", "version"])
    audit.record_event(
        kind="import.undo",
        target=batch,
        organization=batch.organization,
        by=by,
        changes={"state": [BatchState.APPLIED.value, BatchState.UNDONE.value]},
    )
    return batch


class _Obstacles:
    """What stands in the way, the first ones by name."""

    def __init__(self):
        self.reasons: list[str] = []
        self.more = 0

    def add(self, reason: str) -> None:
        if len(self.reasons) < SHOWN:
            self.reasons.append(reason)
        else:
            self.more += 1

    def check(self) -> None:
        if self.reasons:
            raise UndoBlocked(self.reasons, self.more)


def _tables(batch: ImportBatch) -> list[type[models.Model]]:
    """The tables a batch wrote, in the order of their first rows."""
    firsts = batch.effects.order_by().values("table").annotate(first=models.Min("id")).order_by("first")
    return [apps.get_model(entry["table"]) for entry in firsts]


def _chunks(
    batch: ImportBatch, model: type[models.Model], **condition
) -> Iterator[list[tuple[ImportEffect, models.Model | None]]]:
    """The effects on one table with the rows as they are now (None: gone), some thousand at a time, in id order."""
    by_uid = hasattr(model, "uid")
    effects_here = batch.effects.filter(table=model._meta.label_lower, **condition).order_by("id")
    seen = 0
    while True:
        effects = list(effects_here.filter(id__gt=seen)[:CHUNK])
        if not effects:
            return
        seen = effects[-1].id
        keys = [effect.target_uid if by_uid else effect.target_uid.int for effect in effects]
        rows = model._base_manager.filter(**{"uid__in" if by_uid else "pk__in": keys}).order_by("pk")
        found = {row.uid if by_uid else row.pk: row for row in rows.select_for_update()}
        yield [(effect, found.get(key)) for effect, key in zip(effects, keys, strict=True)]


def _lock_organizations(batch: ImportBatch, tables) -> list[int]:
    """Lock every organization whose rows are put back, in the order of their keys; return those keys."""
    keys: set[int] = {batch.organization_id}
    for model in tables:
        column = "pk" if model is Organization else "organization_id"
        if column != "pk" and column not in all_columns(model):
            continue
        for effects in _effect_keys(batch, model):
            keys.update(model._base_manager.filter(**effects).values_list(column, flat=True))
    ordered = sorted(keys)
    list(Organization.everything.select_for_update().filter(pk__in=ordered).order_by("pk").values_list("pk"))
    return ordered


def _effect_keys(batch: ImportBatch, model: type[models.Model]) -> Iterator[dict]:
    uids = list(batch.effects.filter(table=model._meta.label_lower).order_by("id").values_list("target_uid", flat=True))
    for start in range(0, len(uids), CHUNK):
        part = uids[start : start + CHUNK]
        yield {"uid__in": part} if hasattr(model, "uid") else {"pk__in": [uid.int for uid in part]}


def _look_for_changes(batch: ImportBatch, model: type[models.Model], obstacles: _Obstacles) -> list[int]:
    """Note rows that somebody changed, or removed, after the batch; return the keys of the batch's new rows."""
    columns = all_columns(model)
    title = model._meta.verbose_name
    new = []
    for chunk in _chunks(batch, model):
        for effect, row in chunk:
            if row is None:
                obstacles.add(f"本批次写入的一条{title}已不存在")
                continue
            if effect.before is None:
                new.append(row.pk)
            if getattr(row, "version", 1) != effect.version_after and _differs(effect, row, columns):
                obstacles.add(f"{title}“{row}”在导入后又被修改")
    if model is Organization:
        _look_for_new_neighbors(batch, obstacles)
    return new


def _differs(effect: ImportEffect, row: models.Model, columns: list[str]) -> bool:
    names = [name for name in (effect.after if effect.before is not None else columns) if name != "version"]
    return any((value or None) != (effect.after.get(name) or None) for name, value in stored_values(row, names).items())


def _look_for_new_neighbors(batch: ImportBatch, obstacles: _Obstacles) -> None:
    """Organizations that came under one the batch had moved: putting it back would leave them without a place."""
    known: set = set()
    moved: list[str] = []
    for effect in batch.effects.filter(table=Organization._meta.label_lower).iterator():
        known.add(effect.target_uid)
        if effect.before is not None and "path" in effect.before:
            moved.append(effect.after["path"])
    for path in paths.outermost(moved):
        for uid, name in Organization.everything.filter(paths.subtree(path)).values_list("uid", "name"):
            if uid not in known:
                obstacles.add(f"党组织“{name}”在导入后设到了被移动的党组织之下")


def _look_for_dependents(model: type[models.Model], new_keys: dict, obstacles: _Obstacles) -> None:
    """Rows that point at a new row of the batch and are not the batch's own."""
    new = new_keys[model]
    if not new:
        return
    relations = [
        relation
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
    ]
    for relation in relations:
        owner, name = relation.related_model, relation.field.name
        own = set(new_keys.get(owner, ()))
        for start in range(0, len(new), CHUNK):
            pointing = owner._base_manager.filter(**{f"{name}__in": new[start : start + CHUNK]})
            strangers = [key for key in pointing.order_by("pk").values_list("pk", flat=True) if key not in own]
            for row in owner._base_manager.filter(pk__in=strangers[:SHOWN]).order_by("pk"):
                target = getattr(row, name)
                obstacles.add(f"{owner._meta.verbose_name}“{row}”依赖本批次新增的{model._meta.verbose_name}“{target}”")
            obstacles.more += max(0, len(strangers) - SHOWN)


def _restore(batch: ImportBatch, model: type[models.Model]) -> None:
    """Give the changed rows of one table their former values."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    for chunk in _chunks(batch, model, before__isnull=False):
        names: dict[str, None] = {}
        for effect, row in chunk:
            for name, value in effect.before.items():
                setattr(row, name, fields[name].to_python(value))
                names[fields[name].name] = None
            row.version += 1
        bulk.overwrite(model, [row for _, row in chunk], [*names, "version"])


def _remove(model: type[models.Model], new: list[int]) -> None:
    """Remove the new rows of one table."""
    for start in range(0, len(new), CHUNK):
        # One statement, and the database's own foreign keys as the judge: whatever points here was looked for above,
        # and rows of one table may point at each other (a child at its parent).
        rows = model._base_manager.filter(pk__in=new[start : start + CHUNK])
        rows._raw_delete(rows.db)
