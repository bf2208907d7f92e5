"""What stands in the way of taking a step back: rows that were changed since, or that hang on a new one."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet

from orgs import paths
from orgs.effects import written
from orgs.effects.columns import all_columns, row_of, stored_values
from orgs.effects.places import lost_homes, lost_places
from orgs.importing.plainrows import FINGERPRINT, fingerprint
from orgs.models import Organization
from orgs.models.effects import Effect
from orgs.refusals import SHOWN, UndoBlocked


@dataclass(frozen=True)
class Words:
    """How sentences call the step: `this` (本批次) and what was done (导入)."""

    this: str
    done: str


class Obstacles:
    """What stands in the way, the first ones by name."""

    def __init__(self):
        self.reasons: list[str] = []
        self.more = 0

    def add(self, reason: str) -> None:
        """Note one more."""
        if len(self.reasons) < SHOWN:
            self.reasons.append(reason)
        else:
            self.more += 1

    def refusal(self) -> UndoBlocked | None:
        """The refusal that names them; None where nothing stands in the way."""
        return UndoBlocked(self.reasons, self.more) if self.reasons else None


def look(source, tables: list[type[models.Model]], words: Words) -> Obstacles:
    """What stands in the way of taking back what `source` wrote to these tables."""
    obstacles = Obstacles()
    for model in tables:
        _look_for_changes(source, model, obstacles, words)
    for model in tables:
        _look_for_dependents(source, model, obstacles, words)
    return obstacles


def _look_for_changes(source, model: type[models.Model], obstacles: Obstacles, words: Words) -> None:
    """Note rows that somebody changed, or removed, after the source, and removed ones whose place is taken."""
    title = model._meta.verbose_name
    for effect, row in written.beside(source, model, written.written_again(source, model)):
        if row is None:
            obstacles.add(f"{words.this}写入的一条{title}已不存在")
        elif _differs(effect, row):
            obstacles.add(f"{title}“{row}”在{words.done}后又被修改")
    for effect in written.notes(source, model, **written.REMOVED).iterator():
        _look_for_place(effect, model, obstacles)
    if model is Organization:
        _look_for_new_neighbors(source, obstacles, words)
        for reason in lost_places(source, done=words.done):
            obstacles.add(reason)
    for reason in lost_homes(source, model, done=words.done):
        obstacles.add(reason)


def _differs(effect: Effect, row: models.Model) -> bool:
    if FINGERPRINT in effect.after:
        return effect.after[FINGERPRINT] != fingerprint(row)
    columns = effect.after if effect.before is not None else all_columns(type(row))
    names = [name for name in columns if name != "version"]
    return any((value or None) != (effect.after.get(name) or None) for name, value in stored_values(row, names).items())


def _look_for_place(effect: Effect, model: type[models.Model], obstacles: Obstacles) -> None:
    """A removed row comes back only where nothing like it was added since."""
    row = row_of(model, effect.target_uid, effect.before)
    try:
        row.validate_unique()
        row.validate_constraints()
    except ValidationError as taken:
        obstacles.add(f"{model._meta.verbose_name}“{row}”不能恢复：{'；'.join(taken.messages)}")


def _look_for_new_neighbors(source, obstacles: Obstacles, words: Words) -> None:
    """Organizations that came under one the source had moved: putting it back would leave them without a place."""
    known: set = set()
    moved: list[str] = []
    for effect in written.notes(source, Organization).iterator():
        known.add(effect.target_uid)
        if effect.before is not None and effect.after is not None and "path" in effect.before:
            moved.append(effect.after["path"])
    for path in paths.outermost(moved):
        for uid, name in Organization.everything.filter(paths.subtree(path)).values_list("uid", "name"):
            if uid not in known:
                obstacles.add(f"党组织“{name}”在{words.done}后设到了被移动的党组织之下")


def _look_for_dependents(source, model: type[models.Model], obstacles: Obstacles, words: Words) -> None:
    """Rows that point at a new row of the source otherwise than by the source itself."""
    if not written.notes(source, model, **written.NEW).exists():
        return
    for relation in model._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or not (relation.one_to_many or relation.one_to_one):
            continue
        owner, name = relation.related_model, relation.field.name
        for new in written.rows(source, model, **written.NEW):
            pointing = owner._base_manager.filter(**{f"{name}__in": new.order_by().values("pk")})
            strangers = _strangers(source, owner, relation.field.attname, pointing).order_by("pk")
            named = list(strangers[:SHOWN])
            for row in named:
                depends = f"依赖{words.this}新增的{model._meta.verbose_name}“{getattr(row, name)}”"
                obstacles.add(f"{owner._meta.verbose_name}“{row}”{depends}")
            if len(named) == SHOWN:
                obstacles.more += strangers.count() - SHOWN


def _strangers(source, owner: type[models.Model], column: str, found: QuerySet) -> QuerySet:
    """Those of the rows that the source neither added nor pointed there: of its own, taking back changes them too."""
    turned = {**written.CHANGED, "before__has_key": column}
    for own in (written.NEW, turned):
        if written.has_uid(owner):
            found = found.filter(~Exists(written.notes(source, owner, **own).filter(target_uid=OuterRef("uid"))))
        else:
            found = found.exclude(pk__in=list(written.keys(source, owner, **own)))
    return found
