"""What an operation wrote, row by row in readable words: old → new, as far as a user may see it."""

from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.db import models

from elections.models import Term
from members.models import Affiliation, Identity, Member
from orgs.days import spoken
from orgs.effects.columns import stored_values
from orgs.enums import Precision
from orgs.models import Operation, OperationEffect, Organization, OrganizationChange, Unit, User
from orgs.wording import NONE, SEALED_MARK, value_words

# Follow from other columns, say nothing to a reader, or may not be read.
SILENT = frozenset(
    {
        "id",
        "uid",
        "version",
        "path",
        "sort_key",
        "created_at",
        "at",
        "by_id",
        "voided_by_id",
        "id_number_index",
        "session_key",
        "batch_id",
        # Of a transfer: neither side learns from it where the other one is.
        "origin_id",
        "to_id",
    }
)
# What a row is told apart by in a list, and so is not repeated as a change.
NAMING = (
    "title",
    "member_id",
    "holder_name",
    "name",
    "organization_id",
    "keeper_id",
    "term_id",
    "unit_id",
    "affiliation_id",
)
# Repeats what stands at the organization itself.
UNLISTED = frozenset({OrganizationChange._meta.label_lower})
HIDDEN = "（不在您的管理范围内）"


@dataclass(frozen=True)
class Change:
    """One row: what was done to it (新增, 修改, 删除), what it is, and each field in words."""

    done: str
    table: str
    row: str
    fields: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Changes:
    """The rows a user may see, and how many they may not."""

    shown: list[Change]
    hidden: int


def changes_of(operation: Operation, *, user) -> Changes:
    """Every row an operation wrote, in its order; queries do not grow with rows but with tables."""
    effects = [effect for effect in operation.effects.order_by("id") if effect.table not in UNLISTED]
    reading = _Reading(effects, user)
    shown = [reading.change(effect) for effect in effects if reading.may_see(effect)]
    return Changes([each for each in shown if each.fields or each.done != "修改"], len(effects) - len(shown))


class _Reading:
    """The rows of some effects with the names of what they point at, read at once."""

    def __init__(self, effects: list[OperationEffect], user):
        self.user = user
        self.effects = effects
        self.values: dict[int, dict] = {}
        by_table: dict[str, list[OperationEffect]] = {}
        for effect in effects:
            by_table.setdefault(effect.table, []).append(effect)
        for table, group in by_table.items():
            self._read(apps.get_model(table), group)
        self.names = {model: self._names(model) for model in POINTING}
        people = [effect.target_uid for effect in by_table.get(Member._meta.label_lower, [])]
        self.people = set(self._people(uid__in=people).values_list("uid", flat=True) if people else ())

    def _read(self, model: type[models.Model], effects: list[OperationEffect]) -> None:
        """The columns of each row: as they are, else as they were noted."""
        by_uid = hasattr(model, "uid")
        keys = [effect.target_uid if by_uid else effect.target_uid.int for effect in effects]
        names = [field.attname for field in model._meta.concrete_fields]
        rows = model._base_manager.filter(**{"uid__in" if by_uid else "pk__in": keys})
        found = {row.uid if by_uid else row.pk: stored_values(row, names) for row in rows}
        for effect, key in zip(effects, keys, strict=True):
            self.values[effect.pk] = found.get(key) or {**(effect.before or {}), **(effect.after or {})}

    def _names(self, model: type[models.Model]) -> dict[int, str]:
        """{key: name} of the rows of a model that are pointed at and that the user may see."""
        sides = [side for each in self.effects for side in (each.before, each.after, self.values[each.pk]) if side]
        keys = {value for side in sides for name, value in side.items() if value and name in POINTING[model]}
        if model is Organization:
            keys |= {values["id"] for values in self.values.values() if "path" in values and "id" in values}
        if model is User:
            return {user.pk: user.get_full_name() for user in User.objects.filter(pk__in=keys)}
        if model is Term:
            terms = Term.everything.filter(pk__in=keys).visible_to(self.user)
            return {term.pk: f"{spoken(term.elected_on)}换届的一届" for term in terms}
        if model is Affiliation:
            stays = Affiliation.everything.filter(pk__in=keys).visible_to(self.user)
            # By the place alone: the person of a 流入 stay may be kept elsewhere.
            return dict(stays.values_list("pk", "organization__name"))
        if model is Member:
            return dict(self._people(pk__in=keys).values_list("pk", "name"))
        return dict(model.everything.filter(pk__in=keys).visible_to(self.user).values_list("pk", "name"))

    def _people(self, **condition) -> models.QuerySet:
        """The people who meet a condition and whom the user may see, with entries that were merged into one of them."""
        merged = Identity.objects.visible_to(self.user).filter(is_same=True).values("second")
        seen = Member.everything.visible_to(self.user).filter(**condition)
        return seen | Member.everything.filter(**condition).filter(pk__in=merged)

    def may_see(self, effect: OperationEffect) -> bool:
        """Whether the place, or without one the person, of a row is in the user's sight."""
        values = self.values[effect.pk]
        if effect.table == Organization._meta.label_lower:
            return values.get("id") in self.names[Organization] or values.get("parent_id") in self.names[Organization]
        for name, model in (
            ("organization_id", Organization),
            ("keeper_id", Organization),
            ("term_id", Term),
            ("affiliation_id", Affiliation),
        ):
            if values.get(name):
                return values[name] in self.names[model]
        if effect.table == Member._meta.label_lower:
            return effect.target_uid in self.people
        return (values.get("member_id") or values.get("first_id")) in self.names[Member]

    def change(self, effect: OperationEffect) -> Change:
        """One effect in words."""
        model = apps.get_model(effect.table)
        values = self.values[effect.pk]
        done = "新增" if effect.before is None else "删除" if effect.after is None else "修改"
        row = " · ".join(
            filter(None, (self._value(model, name, values.get(name)) for name in NAMING if name in values))
        )
        fields = []
        for field in model._meta.concrete_fields:
            name = field.attname
            old, new = ((side or {}).get(name) for side in (effect.before, effect.after))
            if name in SILENT or (old or None) == (new or None) or (done != "修改" and name in NAMING):
                continue
            if name.endswith("_precision") and Precision.DAY == (new or old) and not (old and new):
                continue  # what a day usually is says nothing of a new or removed row
            if name in getattr(model, "sealed_fields", ()):
                fields.append((str(field.verbose_name).removesuffix(SEALED_MARK), "", "已变更"))
                continue
            before, after = (self._value(model, name, value) for value in (old, new))
            fields.append((str(field.verbose_name), before or NONE, after or NONE))
        return Change(done, str(model._meta.verbose_name), row, fields)

    def _value(self, model: type[models.Model], name: str, value) -> str:
        if value in (None, ""):
            return ""
        field = next(each for each in model._meta.concrete_fields if each.attname == name)
        if field.is_relation:
            return self.names.get(field.related_model, {}).get(value, HIDDEN)
        if isinstance(field, models.DateTimeField):
            return str(value)[:16].replace("T", " ")
        if isinstance(field, models.DateField):
            return spoken(date.fromisoformat(value))
        return value_words(field, value)


POINTING: dict[type[models.Model], frozenset[str]] = {
    Organization: frozenset({"organization_id", "parent_id", "keeper_id"}),
    Member: frozenset({"member_id", "first_id", "second_id"}),
    Unit: frozenset({"unit_id"}),
    User: frozenset({"user_id", "granted_by_id"}),
    Term: frozenset({"term_id"}),
    Affiliation: frozenset({"affiliation_id"}),
}
