"""Registering and correcting units (单位)."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from orgs import audit
from orgs.enums import Action
from orgs.models import Organization, OrganizationUnit, Unit
from orgs.scoping import NOT_ALLOWED, require_right
from orgs.services.records import save_changes
from orgs.sortkey import sort_key


@transaction.atomic
def register_unit(*, keeper: Organization, name: str, unit_type: str, by, **fields) -> Unit:
    """Register a unit kept by `keeper` and return it.

    `fields` are further columns of Unit. PermissionDenied without the right to
    change the keeper; ValidationError when a value does not fit or the 统一社会信用代码
    is registered already.
    """
    require_right(by, Action.EDIT, keeper)
    unit = Unit(keeper=keeper, name=name, unit_type=unit_type, sort_key=sort_key(name), **fields)
    unit.full_clean()
    unit.save(force_insert=True)
    audit.record_event(
        kind="unit.create",
        target=unit,
        organization=keeper,
        by=by,
        changes={"name": [None, name], "unit_type": [None, str(unit_type)]},
    )
    return unit


@transaction.atomic
def update_unit(unit: Unit, *, by, expected_version=None, **values) -> Unit:
    """Correct a unit or hand it to another keeper; needs the right to change both keepers."""
    require_right(by, Action.EDIT, unit.keeper)
    if "keeper" in values:
        require_right(by, Action.EDIT, values["keeper"])
    if "name" in values:
        values["sort_key"] = sort_key(values["name"])
    save_changes(
        unit,
        changes=values,
        by=by,
        kind="unit.update",
        organization=values.get("keeper", unit.keeper),
        expected_version=expected_version,
    )
    return unit


@transaction.atomic
def set_units(organization: Organization, *, units, by) -> None:
    """Let `units` be the units behind `organization`; those that `by` cannot see stay as they are.

    PermissionDenied without the right to change the organization and to see each
    of the units.
    """
    require_right(by, Action.EDIT, organization)
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    visible = Unit.objects.visible_to(by)
    wanted = {unit.pk: unit for unit in visible.filter(pk__in=[unit.pk for unit in units])}
    if len(wanted) != len({unit.pk for unit in units}):
        raise PermissionDenied(NOT_ALLOWED)
    links = OrganizationUnit.objects.filter(organization=organization, unit__in=visible)
    present = {link.unit_id: link for link in links.select_related("unit")}
    added = [unit for pk, unit in wanted.items() if pk not in present]
    removed = [link.unit for pk, link in present.items() if pk not in wanted]
    if not added and not removed:
        return
    OrganizationUnit.objects.filter(organization=organization, unit__in=removed).delete()
    OrganizationUnit.objects.bulk_create(OrganizationUnit(organization=organization, unit=unit) for unit in added)
    audit.record_event(
        kind="organization.units",
        target=organization,
        organization=organization,
        by=by,
        changes={"units": [[str(unit.uid) for unit in removed], [str(unit.uid) for unit in added]]},
    )
