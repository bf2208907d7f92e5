"""Registering and correcting units (单位)."""

from django.db import transaction

from orgs import audit
from orgs.enums import Action
from orgs.models import Organization, Unit
from orgs.scoping import require_right
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
