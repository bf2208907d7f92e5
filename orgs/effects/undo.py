"""Taking back what a step wrote: every row as it was before, or nothing and a list of what stands in the way.

A row may be taken back while its version is the one the step left. When it is not, the columns the step wrote are
compared: a later step that was itself undone left them as they were, and then nothing depends on them. The version
goes on counting, so that a form opened before the undo is still recognized as stale.

A `source` is whatever has `effects` (rows of a subclass of Effect) and `organization_id`: a batch, an operation.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db import models

from orgs import paths, tree
from orgs.effects import obstacles, written
from orgs.effects.columns import all_columns, row_of
from orgs.effects.obstacles import Words
from orgs.importing import bulk
from orgs.models import Organization
from orgs.refusals import UndoBlocked

MOVED = {**written.CHANGED, "before__has_key": "path"}
# The uid of a row, and what it held before.
Former = tuple[UUID, dict]


def put_back(source, *, words: Words, more: Iterable[str] = ()) -> list[int]:
    """Put back every row that `source` wrote; return the keys of the organizations they stand at.

    Inside the caller's transaction, which holds the source's row. `more` are further sentences on what depends on it.
    UndoBlocked when something was changed since, hangs on a new row, or took the place of a removed one.
    """
    tables = written.tables(source)
    touched = written.organizations_of(source)
    list(Organization.everything.select_for_update().filter(pk__in=touched).order_by("pk").values_list("pk"))
    for model in tables:
        for rows in written.rows(source, model):
            _hold(rows)
    if refusal := _refusal(source, tables, words, more):
        raise refusal
    # New rows leave first: one may hold the place (the one open 组织关系 of a person) of a row that comes back. What
    # points at them is put back after them in the same transaction, at whose end foreign keys are checked.
    for model in reversed(tables):
        for rows in written.rows(source, model, **written.NEW):
            # One statement, and the database's own foreign keys as the judge: whatever points here was looked for
            # above, and rows of one table may point at each other (a child at its parent).
            rows._raw_delete(rows.db)
    for model in tables:
        _restore(source, model)
    return touched


def what_blocks(source, *, words: Words, more: Iterable[str] = ()) -> UndoBlocked | None:
    """What would refuse to take `source` back now, without taking or holding anything."""
    return _refusal(source, written.tables(source), words, more)


def _refusal(source, tables: list[type[models.Model]], words: Words, more: Iterable[str]) -> UndoBlocked | None:
    found = obstacles.look(source, tables, words)
    for reason in more:
        found.add(reason)
    return found.refusal()


def _hold(rows: models.QuerySet) -> None:
    """Lock rows without keeping them."""
    held = rows.select_for_update().order_by("pk").values_list("pk")
    for _ in held.iterator(chunk_size=written.CHUNK):
        pass


def _restore(source, model: type[models.Model]) -> None:
    """Give the changed rows of one table their former values, and add the removed ones again."""
    taken: dict[str, str] = {}
    if model is Organization:
        taken = _taken_places(source)
        _leave_places(source)
    has_late = False
    for former in _former(source, model, written.CHANGED):
        early = [each for each in former if not _comes_late(each[1])]
        has_late = has_late or len(early) < len(former)
        _give_back(model, early, taken)
    for former in _former(source, model, written.CHANGED) if has_late else ():
        _give_back(model, [each for each in former if _comes_late(each[1])], taken)
    for former in _former(source, model, written.REMOVED):
        model._base_manager.bulk_create(row_of(model, uid, before) for uid, before in former)


def _former(source, model: type[models.Model], condition: dict) -> Iterator[list[Former]]:
    """What the changed or removed rows of one table held before, some thousand at a time, in the order of writing."""
    changed = written.notes(source, model, **condition)
    seen = 0
    while found := list(changed.filter(id__gt=seen).values_list("id", "target_uid", "before")[: written.CHUNK]):
        seen = found[-1][0]
        yield [(uid, before) for _, uid, before in found]


def _give_back(model: type[models.Model], former: list[Former], taken: dict[str, str]) -> None:
    """Write the former values of some rows; `taken` as `_taken_places` found it."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    alike: dict[tuple[str, ...], list[Former]] = defaultdict(list)
    for each in former:
        alike[tuple(each[1])].append(each)
    for names, group in alike.items():
        columns = []
        for name in names:
            values = [before[name] for _, before in group]
            if name == "path" and taken:
                values = [_free_place(value, taken) for value in values]
            columns.append([fields[name].to_python(value) for value in values])
        uids = [uid for uid, _ in group]
        if written.has_uid(model):
            key = fields["uid"]
        else:
            key, uids = model._meta.pk, [uid.int for uid in uids]
        bulk.set_columns(key, uids, [fields[name] for name in names], columns, counted="version" in all_columns(model))


def _comes_late(before: dict) -> bool:
    """Whether a row with these former values is put back after all others of its table.

    A period that begins to last again (its former `until` was empty, or it was not yet void) may take the one open
    place that another row of the same source holds until it is put back itself.
    """
    return any(name in before and before[name] is None for name in ("until", "voided_at"))


def _leave_places(source) -> None:
    """Free the places of all organizations that the source moved: one of them may hold the former place of another."""
    for rows in written.rows(source, Organization, **MOVED):
        tree.leave_places(rows.order_by("pk").values_list("pk", flat=True))


def _taken_places(source) -> dict[str, str]:
    """{former path: fresh path} of moved organizations whose old place somebody else holds by now."""
    former = dict(written.notes(source, Organization, **MOVED).values_list("target_uid", "before"))
    roots = paths.outermost(values["path"] for values in former.values())
    others = Organization.everything.filter(path__in=roots).exclude(uid__in=former)
    held = set(others.values_list("path", flat=True))
    places: dict[str, str] = {}
    for values in former.values():
        if values["path"] in held:
            parent = Organization.everything.filter(path=paths.parent_of(values["path"])).first()
            places[values["path"]] = tree.next_paths(parent, len(places) + 1)[-1]
    return places


def _free_place(path: str, taken: dict[str, str]) -> str:
    root = next((each for each in taken if paths.is_within(path, each)), None)
    return path if root is None else taken[root] + path[len(root) :]
