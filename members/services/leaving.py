"""How a membership in a branch ends: the 组织关系, and whatever lasts of the person there."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from members.models import Affiliation, Member, Standing, TransferRequest
from members.services.affiliations import end_affiliation
from members.services.standings import end_standing
from members.services.transfers import IN_TRANSIT
from orgs.enums import Labeled
from orgs.models import Organization


class Leaving(Labeled):
    """Why a membership ends for good."""

    DECEASED = "deceased", "逝世"
    RESIGNED = "resigned", "退党"
    REMOVED = "removed", "除名"
    EXPELLED = "expelled", "开除党籍"


def moved_to(destination: str) -> str:
    """The reason of an affiliation that ended with a move out of the district."""
    return f"转往{destination}"


def has_died(member: Member) -> bool:
    """Whether a membership of theirs ended with their death."""
    return Affiliation.objects.regular().filter(member=member, reason=Leaving.DECEASED.label).exists()


def refuse_dead(member: Member) -> None:
    """ValidationError when somebody is to begin to belong anywhere after their death."""
    if has_died(member):
        raise ValidationError(f"{member.name}已登记逝世，请核对是否为同一人。")


@transaction.atomic
def end_membership(*, member: Member, organization: Organization, on: date, reason: str, by) -> Affiliation:
    """End the person's 组织关系 with `organization` from the day `on`, and what lasts of them (失联, 外出流动 …).

    The person stays on the books with all that was; posts are ended by themselves. Returns the affiliation.
    PermissionDenied without the right to change the organization; ValidationError when the person does not belong
    there any more or is in transit, or the day is not after the one they came.
    """
    if TransferRequest.objects.open().filter(member=member).exists():
        raise ValidationError(IN_TRANSIT)
    present = Affiliation.objects.regular().filter(member=member, organization=organization, until__isnull=True).first()
    if present is None:
        raise ValidationError(f"{member.name}的组织关系已不在“{organization.name}”。")
    ended = end_affiliation(affiliation=present, on=on, reason=reason, by=by)
    for standing in Standing.objects.filter(member=member, until__isnull=True):
        if standing.since is None or standing.since < on:
            end_standing(standing=standing, on=on, by=by)
    return ended
