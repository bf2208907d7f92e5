"""Moving the people of an organization that ends or is divided."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from elections.services.closing import close_organization
from members.models import Affiliation, Member, RosterConfirmation
from members.services import confirm_roster, transfer_within
from orgs.days import spoken
from orgs.models import Organization, OrganizationUnit


@transaction.atomic
def move_people(
    *, organization: Organization, to: Organization, on: date, by, reason: str, members: Iterable[Member] | None = None
) -> int:
    """Move the 组织关系 of `members` (None: everybody) from an organization to another on the day; the number moved.

    A member of a joint branch keeps the unit where the other organization has it too. ValidationError when somebody
    came on that day or later, or left after it: the books of those days would not add up.
    """
    refuse_later_moves(organization, on, members)
    here = Affiliation.objects.regular().filter(organization=organization, until__isnull=True)
    if members is not None:
        here = here.filter(member__in=[each.pk for each in members])
    units = set(OrganizationUnit.objects.filter(organization=to).values_list("unit_id", flat=True))
    moved = 0
    for affiliation in here.select_related("member", "unit").order_by("member__id"):
        unit = affiliation.unit if affiliation.unit_id in units else None
        transfer_within(member=affiliation.member, to=to, on=on, by=by, unit=unit, reason=reason)
        moved += 1
    return moved


@transaction.atomic
def close_with_people(*, organization: Organization, on: date, by, to: Organization | None, basis: str = "") -> None:
    """Close an organization (撤销); its people go to `to` on the same day, where there are any."""
    if to is not None:
        move_people(organization=organization, to=to, on=on, by=by, reason=f"“{organization.name}”撤销")
    close_organization(organization=organization, on=on, basis=basis, by=by)


def refuse_later_moves(organization: Organization, on: date, members: Iterable[Member] | None = None) -> None:
    """ValidationError when the regular affiliation of one of `members` (None: of anybody) began on the day or later.

    Or when it ended after the day.
    """
    regular = Affiliation.objects.regular().filter(organization=organization)
    if members is not None:
        regular = regular.filter(member__in=[each.pk for each in members])
    later = regular.filter(Q(since__gte=on) | Q(until__gt=on)).count()
    if later:
        raise ValidationError(
            {
                "on": f"有 {later} 名党员在{spoken(on)}当天或之后转入“{organization.name}”，或在这之后才转出，"
                "请核对生效日期，或先更正这些组织关系。"
            }
        )


def confirm_rosters(*, of: Iterable[Organization], new: Iterable[Organization], on: date, by) -> None:
    """Where a roster of each former organization was confirmed, those of the new ones are: from the latest of them on.

    The rows of the new ones come from these rosters; not before their own first day.
    """
    confirmed = [first_roster(each) for each in of]
    if confirmed and None not in confirmed:
        for organization in new:
            confirm_roster(organization=organization, on=max(on, *confirmed), by=by)


def first_roster(organization: Organization) -> date | None:
    """The day from which the organization's members are counted by their rows; None while they are not."""
    rosters = RosterConfirmation.objects.filter(organization=organization)
    return rosters.order_by("on").values_list("on", flat=True).first()
