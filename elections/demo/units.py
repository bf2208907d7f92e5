"""The units (单位) behind the organizations; in a joint branch each member names the own one."""

from elections.demo.dealing import street_of
from elections.demo.plan import District
from members.models import Affiliation
from orgs import audit
from orgs.enums import Form
from orgs.models import Organization, OrganizationUnit, Unit, User
from orgs.sortkey import sort_key


def record(district: District, *, by: User) -> None:
    """Register every unit once, kept by the 党(工)委 of the first that names it, and link all organizations."""
    organizations = {each.code: each for each in Organization.objects.all()}
    units: dict[str, Unit] = {}
    for planned in district.organizations:
        for name in planned.units:
            units.setdefault(
                name,
                Unit(
                    keeper=organizations[street_of(planned).code],
                    name=name,
                    unit_type=planned.unit_type,
                    sort_key=sort_key(name),
                ),
            )
    Unit.objects.bulk_create(units.values())
    OrganizationUnit.objects.bulk_create(
        OrganizationUnit(organization=organizations[planned.code], unit=units[name])
        for planned in district.organizations
        for name in planned.units
    )
    joint = list(Affiliation.objects.filter(organization__form=Form.JOINT).select_related("member").order_by("pk"))
    for affiliation in joint:
        affiliation.unit = units[affiliation.member.work_unit]
    Affiliation.objects.bulk_update(joint, ["unit"], batch_size=500)
    audit.record_event(
        kind="demo.history",
        organization=organizations[district.root.code],
        by=by,
        changes={"units": [None, len(units)]},
    )
