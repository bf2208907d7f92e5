"""The tree: create, move, rename, reshape and close organizations. Only this file writes `path`."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat, Substr
from django.utils import timezone

from orgs import audit, paths, sortkey
from orgs.enums import Action, Form, Kind, Role
from orgs.models import Grant, Organization, OrganizationChange
from orgs.scoping import require_right
from orgs.services.records import save_changes

# What may stand under what; anything else is a mistake in the roster or on the form.
MAY_STAND_UNDER: dict[Kind, frozenset[Kind]] = {
    Kind.LOCAL_COMMITTEE: frozenset({Kind.LOCAL_COMMITTEE}),
    Kind.WORKING_COMMITTEE: frozenset({Kind.LOCAL_COMMITTEE, Kind.WORKING_COMMITTEE}),
    Kind.COMMITTEE: frozenset({Kind.LOCAL_COMMITTEE, Kind.WORKING_COMMITTEE, Kind.COMMITTEE}),
    Kind.GENERAL_BRANCH: frozenset({Kind.LOCAL_COMMITTEE, Kind.WORKING_COMMITTEE, Kind.COMMITTEE}),
    Kind.BRANCH: frozenset({Kind.LOCAL_COMMITTEE, Kind.WORKING_COMMITTEE, Kind.COMMITTEE, Kind.GENERAL_BRANCH}),
}
BRANCH_FORMS = frozenset({Form.JOINT, Form.TEMPORARY, Form.MOBILE})
# Fields whose past values are read back from OrganizationChange.
DATED_FIELDS = ("parent", "kind", "form", "unit_type", "name")
RESHAPED_FIELDS = frozenset({"kind", "form", "unit_type", "name", "converted_on"})


def fits(kind: str, parent_kind: str) -> bool:
    """Whether an organization of `kind` may stand directly under one of `parent_kind`."""
    return Kind(parent_kind) in MAY_STAND_UNDER[Kind(kind)]


def check_place(kind: str, form: str, parent) -> None:
    """ValidationError when the kind does not fit its form or its parent (None: a root)."""
    if kind not in set(Kind):
        raise ValidationError({"kind": f"“{kind}”不是组织类别。"})
    if form in BRANCH_FORMS and kind != Kind.BRANCH:
        raise ValidationError({"form": f"只有党支部可以是“{Form(form).label}”，{Kind(kind).label}不可以。"})
    if parent is not None and not fits(kind, parent.kind):
        raise ValidationError(
            {"parent": f"{Kind(kind).label}不能直接设在{Kind(parent.kind).label}“{parent.name}”之下。"}
        )


@transaction.atomic
def create(*, by, parent: Organization | None, name: str, kind: str, **fields) -> Organization:
    """Found an organization under `parent` and return it.

    `fields` are further columns of Organization. Only a superuser may found a
    root; they then hold the rights to set it up (operator, accounts, grants).
    PermissionDenied without the right at `parent`; ValidationError when kind,
    form or a value does not fit.
    """
    if parent is None:
        if not by.is_superuser:
            raise PermissionDenied("只有系统超级用户可以建立最上级党组织。")
    else:
        parent = _locked(parent)
        require_right(by, Action.EDIT, parent)
        if parent.closed_on is not None:
            raise ValidationError({"parent": f"上级党组织“{parent.name}”已撤销。"})
    organization = Organization(parent=parent, name=name, kind=kind, **fields)
    check_place(kind, organization.form, parent)
    _check_depth(paths.level_of(parent.path) + 1 if parent else 1)
    organization.sort_key = sortkey.sort_key(name)
    organization.path = next_paths(parent, 1)[0]
    organization.full_clean()
    organization.save(force_insert=True)
    if parent is None:
        for role in (Role.OPERATOR, Role.ACCOUNT_ADMIN, Role.GRANT_ADMIN):
            Grant.objects.create(user=by, organization=organization, role=role, granted_by=by)
        by.__dict__.pop("rights", None)
    audit.record_event(
        kind="organization.create",
        target=organization,
        organization=organization,
        by=by,
        changes={"name": [None, name], "kind": [None, str(kind)], "code": [None, organization.code]},
    )
    return organization


@transaction.atomic
def move(organization: Organization, *, to: Organization, on, basis: str = "", by) -> Organization:
    """Put `organization` with all that stands under it under `to`, from the day `on`.

    Needs the right to change both the present parent (a root: the organization
    itself) and the new one. ValidationError when it would stand under itself, the
    kinds do not fit, or the day lies ahead: the tree is always today's.
    """
    if on > timezone.localdate():
        raise ValidationError({"effective_on": "划转立即生效，生效日期不能晚于今天；请到那一天再办理。"})
    organization, to = _locked_for_move(organization, to)
    if paths.is_within(to.path, organization.path):
        raise ValidationError({"parent": f"不能把“{organization.name}”移到它自己或它的下级之下。"})
    require_right(by, Action.EDIT, organization.parent or organization)
    require_right(by, Action.EDIT, to)
    if to.closed_on is not None:
        raise ValidationError({"parent": f"上级党组织“{to.name}”已撤销。"})
    check_place(organization.kind, organization.form, to)
    if organization.parent_id == to.pk:
        return organization
    _refuse_before_later(organization, "parent", on)
    old_parent, old_path, new_path = organization.parent, organization.path, next_paths(to, 1)[0]
    below = Organization.everything.filter(paths.subtree(old_path)).values_list("path", flat=True)
    _check_depth(max(map(len, below)) // paths.WIDTH - paths.level_of(old_path) + paths.level_of(new_path))
    Organization.everything.filter(paths.subtree(old_path)).update(
        path=Concat(Value(new_path), Substr("path", len(old_path) + 1))
    )
    Organization.everything.filter(pk=organization.pk).update(parent=to, version=F("version") + 1)
    organization.refresh_from_db()
    _note_change(organization, "parent", on, old_parent.uid if old_parent else "", to.uid, basis, by)
    audit.record_event(
        kind="organization.move",
        target=organization,
        organization=organization,
        by=by,
        changes={"parent": [str(old_parent.uid) if old_parent else None, str(to.uid)], "on": [None, str(on)]},
    )
    return organization


@transaction.atomic
def reshape(organization: Organization, *, on, basis: str = "", by, expected_version=None, **values) -> Organization:
    """Change name, kind, form or unit type from the day `on`; past days keep the values of then.

    `values` holds the new values of `kind`, `form`, `unit_type`, `name`, and
    `converted_on` with them. The kinds of parent and children must still fit, and
    no value may have been changed for a later day already. Rename is `reshape(name=…)`.
    """
    if foreign := values.keys() - RESHAPED_FIELDS:
        raise TypeError(f"reshape does not change {', '.join(sorted(foreign))}")
    organization = _locked(organization)
    require_right(by, Action.EDIT, organization)
    kind, form = values.get("kind", organization.kind), values.get("form", organization.form)
    check_place(kind, form, organization.parent)
    for child in _children_not_closed(organization, on):
        check_place(child.kind, child.form, Organization(name=organization.name, kind=kind))
    if "name" in values:
        values["sort_key"] = sortkey.sort_key(values["name"])
    before = {field: getattr(organization, field) for field in values}
    for field in DATED_FIELDS:
        if field in values and values[field] != before[field]:
            _refuse_before_later(organization, field, on)
    changed = save_changes(
        organization,
        changes=values,
        by=by,
        kind="organization.reshape",
        organization=organization,
        expected_version=expected_version,
    )
    for field in changed:
        if field in DATED_FIELDS:
            _note_change(organization, field, on, before[field], getattr(organization, field), basis, by)
    if "converted_on" in changed:
        _note_conversion(organization, before["converted_on"], is_new="kind" in changed, basis=basis, by=by)
    return organization


@transaction.atomic
def close(organization: Organization, *, on, basis: str = "", by, expected_version=None) -> Organization:
    """Close (撤销) an organization: `on` is the first day it no longer exists.

    Refused while organizations under it still exist on that day or are founded
    later, and without the right to change its parent.
    """
    organization = _locked(organization)
    require_right(by, Action.EDIT, organization.parent or organization)
    if organization.closed_on is not None:
        raise ValidationError({"closed_on": f"“{organization.name}”已于{organization.closed_on}撤销。"})
    open_children = _children_not_closed(organization, on)
    if open_children.exists():
        raise ValidationError(
            {"closed_on": f"“{organization.name}”还有 {open_children.count()} 个下级党组织，请先撤销或划转。"}
        )
    save_changes(
        organization,
        changes={"closed_on": on, "remark": basis or organization.remark},
        by=by,
        kind="organization.close",
        organization=organization,
        expected_version=expected_version,
    )
    return organization


def next_paths(parent: Organization | None, count: int) -> list[str]:
    """`count` fresh paths for new children of `parent` (None: new roots), in order.

    The caller holds the lock on the parent's row. Places of voided children are
    not used again: their paths may stand in old exports.
    """
    prefix = parent.path if parent is not None else ""
    siblings = Organization.everything.filter(parent=parent)
    last = siblings.order_by("-path").values_list("path", flat=True).first()
    # A moved child leaves a gap, so the greatest path counts, not the number of children.
    start = paths.number_of(last) + 1 if last else 0
    return [prefix + paths.segment(start + step) for step in range(count)]


def leave_places(keys: Iterable[int]) -> None:
    """Let organizations give up their paths for others, which the caller's transaction gives them before it ends."""
    # No segment begins with this sign, and a key is in it once.
    Organization.everything.filter(pk__in=list(keys)).update(path=Concat(Value("~"), Cast("pk", CharField())))


def _locked(organization: Organization) -> Organization:
    return Organization.objects.select_for_update().get(pk=organization.pk)


def _locked_for_move(organization: Organization, to: Organization) -> tuple[Organization, Organization]:
    """Both rows, held with everything below `organization`.

    Whoever puts an organization under another holds the latter: with the whole
    subtree held, nothing joins it between reading its rows and giving them their
    new paths. What joined while we waited is held in the next round.
    """
    held: set[int] = set()
    while True:
        path = Organization.objects.values_list("path", flat=True).get(pk=organization.pk)
        rows = Organization.everything.select_for_update().order_by("id")
        found = {row.pk: row for row in rows.filter(paths.subtree(path) | Q(pk=to.pk))}
        if found.keys() <= held:
            return found[organization.pk], found[to.pk]
        held |= found.keys()


def _children_not_closed(organization: Organization, on):
    """Children that exist on `on` or will later."""
    return Organization.objects.children_of(organization).filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on))


def _check_depth(level: int) -> None:
    if level > paths.MAX_LEVELS:
        raise ValidationError({"parent": f"层级超过 {paths.MAX_LEVELS} 级。"})


def _refuse_before_later(organization: Organization, field: str, on) -> None:
    """Past values are read from the changes in the order of their days: one cannot be put before another."""
    later = OrganizationChange.objects.filter(organization=organization, field=field, on__gt=on).order_by("on").first()
    if later is not None:
        title = Organization._meta.get_field(field).verbose_name
        raise ValidationError(
            f"“{organization.name}”的{title}已于{later.on}变更，生效日期不能早于那一天；登记有误的请先更正。"
        )


def _note_conversion(organization: Organization, before, *, is_new: bool, basis: str, by) -> None:
    """Keep the day of every conversion: each ended a term; without a change of the kind the last day is corrected."""
    day, last = organization.converted_on, None
    if before is not None:
        known = OrganizationChange.objects.filter(organization=organization, field="converted_on", on=before)
        last = known.order_by("id").last()
    if is_new and day is not None:
        if before is not None and last is None:
            _note_change(organization, "converted_on", before, "", before, "", by)
        _note_change(organization, "converted_on", day, before or "", day, basis, by)
    elif last is not None and day is not None:
        OrganizationChange.objects.filter(pk=last.pk).update(on=day, after=str(day))
    elif last is not None:
        last.delete()


def _note_change(organization, field, on, before, after, basis, by) -> None:
    OrganizationChange.objects.create(
        organization=organization, field=field, on=on, before=str(before), after=str(after), basis=basis, by=by
    )
