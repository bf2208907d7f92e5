"""Taking back what a step wrote: every row as it was before, or nothing and a list of what stands in the way.

A row may be taken back while its version is the one the step left. When it is not, the columns the step wrote are
compared: a later step that was itself undone left them as they were, and then nothing depends on them. The version
goes on counting, so that a form opened before the undo is still recognized as stale.

A `source` is whatever has `effects` (rows of a subclass of Effect) and `organization_id`: a batch, an operation.
"""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from orgs import paths, tree
from orgs.effects.columns import all_columns, row_of, stored_values
from orgs.effects.places import lost_homes, lost_places
from orgs.importing import bulk
from orgs.importing.plainrows import FINGERPRINT, fingerprint
from orgs.models import Organization
from orgs.models.effects import Effect
from orgs.refusals import SHOWN, UndoBlocked

CHUNK = 2000


@dataclass(frozen=True)
class Words:
    """How sentences call the step: `this` (本批次) and what was done (导入)."""

    this: str
    done: str


def put_back(source, *, words: Words, more: Iterable[str] = ()) -> list[int]:
    """Put back every row that `source` wrote; return the keys of the organizations they stand at.

    Inside the caller's transaction, which holds the source's row. `more` are further sentences on what depends on it.
    UndoBlocked when something was changed since, hangs on a new row, or took the place of a removed one.
    """
    tables = _tables(source)
    touched = organizations_of(source)
    list(Organization.everything.select_for_update().filter(pk__in=touched).order_by("pk").values_list("pk"))
    obstacles, new = _obstacles(source, tables, words, lock=True)
    for reason in more:
        obstacles.add(reason)
    obstacles.check()
    # New rows leave first: one may hold the place (the one open 组织关系 of a person) of a row that comes back. What
    # points at them is put back after them in the same transaction, at whose end foreign keys are checked.
    for model in reversed(tables):
        _remove(model, new[model])
    for model in tables:
        _restore(source, model)
    return touched


def what_blocks(source, *, words: Words, more: Iterable[str] = ()) -> UndoBlocked | None:
    """What would refuse to take `source` back now, without taking or holding anything."""
    obstacles, _ = _obstacles(source, _tables(source), words, lock=False)
    for reason in more:
        obstacles.add(reason)
    return UndoBlocked(obstacles.reasons, obstacles.more) if obstacles.reasons else None


def organizations_of(source) -> list[int]:
    """The keys of the organizations whose rows `source` wrote, and of its own, in ascending order."""
    keys: set[int] = {source.organization_id}
    for model in _tables(source):
        lookup = _organization_lookup(model)
        if lookup is None:
            continue
        for effects in _effect_keys(source, model):
            keys.update(model._base_manager.filter(**effects).values_list(lookup, flat=True))
        if "organization_id" in all_columns(model):
            removed = source.effects.filter(table=model._meta.label_lower, after__isnull=True)
            keys.update(effect.before["organization_id"] for effect in removed)
    return sorted(keys - {None})


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


def _obstacles(source, tables, words: Words, *, lock: bool):
    """What stands in the way, and {model: keys of the source's new rows}."""
    obstacles = _Obstacles()
    new = {model: _look_for_changes(source, model, obstacles, words, lock) for model in tables}
    for model in tables:
        _look_for_dependents(model, new, obstacles, words)
    return obstacles, new


def _tables(source) -> list[type[models.Model]]:
    """The tables a source wrote, in the order of their first rows."""
    firsts = source.effects.order_by().values("table").annotate(first=models.Min("id")).order_by("first")
    return [apps.get_model(entry["table"]) for entry in firsts]


def _chunks(
    source, model: type[models.Model], *, lock: bool = True, **condition
) -> Iterator[list[tuple[Effect, models.Model | None]]]:
    """The effects on one table with the rows as they are now (None: gone), some thousand at a time, in id order."""
    by_uid = hasattr(model, "uid")
    effects_here = source.effects.filter(table=model._meta.label_lower, **condition).order_by("id")
    seen = 0
    while True:
        effects = list(effects_here.filter(id__gt=seen)[:CHUNK])
        if not effects:
            return
        seen = effects[-1].id
        keys = [effect.target_uid if by_uid else effect.target_uid.int for effect in effects]
        rows = model._base_manager.filter(**{"uid__in" if by_uid else "pk__in": keys}).order_by("pk")
        found = {row.uid if by_uid else row.pk: row for row in (rows.select_for_update() if lock else rows)}
        yield [(effect, found.get(key)) for effect, key in zip(effects, keys, strict=True)]


def _organization_lookup(model: type[models.Model]) -> str | None:
    """What leads from a row to the key of its organization; None where none does (people)."""
    if model is Organization:
        return "pk"
    if "organization_id" in all_columns(model):
        return "organization_id"
    scope = getattr(model._default_manager.all(), "scope_field", "").removesuffix("__path")
    return scope if scope and f"{scope.split('__')[0]}_id" in all_columns(model) else None


def _effect_keys(source, model: type[models.Model]) -> Iterator[dict]:
    effects = source.effects.filter(table=model._meta.label_lower).order_by("id")
    seen = 0
    while found := list(effects.filter(id__gt=seen).values_list("id", "target_uid")[:CHUNK]):
        seen = found[-1][0]
        part = [uid for _, uid in found]
        yield {"uid__in": part} if hasattr(model, "uid") else {"pk__in": [uid.int for uid in part]}


def _look_for_changes(source, model: type[models.Model], obstacles: _Obstacles, words: Words, lock: bool) -> array:
    """Note rows that somebody changed, or removed, after the source; return the keys of its new rows."""
    columns = all_columns(model)
    title = model._meta.verbose_name
    # Eight bytes each: a batch may have added a million rows.
    new = array("q")
    for chunk in _chunks(source, model, lock=lock):
        for effect, row in chunk:
            if effect.after is None:
                _look_for_place(effect, model, obstacles)
                continue
            if row is None:
                obstacles.add(f"{words.this}写入的一条{title}已不存在")
                continue
            if effect.before is None:
                new.append(row.pk)
            # A table without versions is compared by its columns alone.
            if getattr(row, "version", None) != effect.version_after and _differs(effect, row, columns):
                obstacles.add(f"{title}“{row}”在{words.done}后又被修改")
    if model is Organization:
        _look_for_new_neighbors(source, obstacles, words)
        for reason in lost_places(source, done=words.done):
            obstacles.add(reason)
    for reason in lost_homes(source, model, done=words.done):
        obstacles.add(reason)
    return new


def _differs(effect: Effect, row: models.Model, columns: list[str]) -> bool:
    if FINGERPRINT in effect.after:
        return effect.after[FINGERPRINT] != fingerprint(row)
    names = [name for name in (effect.after if effect.before is not None else columns) if name != "version"]
    return any((value or None) != (effect.after.get(name) or None) for name, value in stored_values(row, names).items())


def _look_for_place(effect: Effect, model: type[models.Model], obstacles: _Obstacles) -> None:
    """A removed row comes back only where nothing like it was added since."""
    row = row_of(model, effect.target_uid, effect.before)
    try:
        row.validate_unique()
        row.validate_constraints()
    except ValidationError as taken:
        obstacles.add(f"{model._meta.verbose_name}“{row}”不能恢复：{'；'.join(taken.messages)}")


def _look_for_new_neighbors(source, obstacles: _Obstacles, words: Words) -> None:
    """Organizations that came under one the source had moved: putting it back would leave them without a place."""
    known: set = set()
    moved: list[str] = []
    for effect in source.effects.filter(table=Organization._meta.label_lower).iterator():
        known.add(effect.target_uid)
        if effect.before is not None and effect.after is not None and "path" in effect.before:
            moved.append(effect.after["path"])
    for path in paths.outermost(moved):
        for uid, name in Organization.everything.filter(paths.subtree(path)).values_list("uid", "name"):
            if uid not in known:
                obstacles.add(f"党组织“{name}”在{words.done}后设到了被移动的党组织之下")


def _look_for_dependents(model: type[models.Model], new_keys: dict, obstacles: _Obstacles, words: Words) -> None:
    """Rows that point at a new row of the source and are not the source's own."""
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
        own = frozenset(new_keys.get(owner, ()))
        for start in range(0, len(new), CHUNK):
            pointing = owner._base_manager.filter(**{f"{name}__in": list(new[start : start + CHUNK])})
            strangers = [key for key in pointing.order_by("pk").values_list("pk", flat=True) if key not in own]
            for row in owner._base_manager.filter(pk__in=strangers[:SHOWN]).order_by("pk"):
                target = getattr(row, name)
                depends = f"依赖{words.this}新增的{model._meta.verbose_name}“{target}”"
                obstacles.add(f"{owner._meta.verbose_name}“{row}”{depends}")
            obstacles.more += max(0, len(strangers) - SHOWN)


def _restore(source, model: type[models.Model]) -> None:
    """Give the changed rows of one table their former values, and add the removed ones again."""
    taken: dict[str, str] = {}
    if model is Organization:
        taken = _taken_places(source)
        _leave_places(source)
    changed = {"before__isnull": False, "after__isnull": False}
    has_late = False
    for chunk in _chunks(source, model, **changed):
        early = [pair for pair in chunk if not _comes_late(pair[0])]
        has_late = has_late or len(early) < len(chunk)
        _give_back(model, early, taken)
    for chunk in _chunks(source, model, **changed) if has_late else ():
        _give_back(model, [pair for pair in chunk if _comes_late(pair[0])], taken)
    for chunk in _chunks(source, model, after__isnull=True):
        removed = [row_of(model, effect.target_uid, effect.before) for effect, _ in chunk]
        model._base_manager.bulk_create(removed)


def _give_back(model: type[models.Model], pairs: list[tuple[Effect, models.Model]], taken: dict[str, str]) -> None:
    """Write the former values of some rows; `taken` as `_taken_places` found it."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    counted = ["version"] if "version" in fields else []
    names: dict[str, None] = {}
    for effect, row in pairs:
        for name, value in effect.before.items():
            if name == "path" and taken:
                value = _free_place(value, taken)
            setattr(row, name, fields[name].to_python(value))
            names[fields[name].name] = None
        if counted:
            row.version += 1
    bulk.overwrite(model, [row for _, row in pairs], [*names, *counted])


def _comes_late(effect: Effect) -> bool:
    """Whether the row is put back after all others of its table.

    A period that begins to last again (its former `until` was empty, or it was not yet void) may take the one open
    place that another row of the same source holds until it is put back itself.
    """
    return any(name in effect.before and effect.before[name] is None for name in ("until", "voided_at"))


def _leave_places(source) -> None:
    """Free the places of all organizations that the source moved: one of them may hold the former place of another."""
    for chunk in _chunks(source, Organization, before__isnull=False, after__isnull=False):
        tree.leave_places(row.pk for effect, row in chunk if "path" in effect.before)


def _taken_places(source) -> dict[str, str]:
    """{former path: fresh path} of moved organizations whose old place somebody else holds by now."""
    moved = source.effects.filter(table=Organization._meta.label_lower, before__isnull=False, after__isnull=False)
    former = {effect.target_uid: effect.before for effect in moved if "path" in effect.before}
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


def _remove(model: type[models.Model], new: array) -> None:
    """Remove the new rows of one table."""
    for start in range(0, len(new), CHUNK):
        # One statement, and the database's own foreign keys as the judge: whatever points here was looked for above,
        # and rows of one table may point at each other (a child at its parent).
        rows = model._base_manager.filter(pk__in=list(new[start : start + CHUNK]))
        rows._raw_delete(rows.db)
