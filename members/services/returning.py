"""转回: somebody whose 组织关系 had left these books belongs to a branch again, on the same entry."""

from datetime import date

from django.db import transaction

from members.models import Affiliation, Member, id_number_index
from members.services.affiliations import open_affiliation
from members.services.leaving import Leaving
from members.services.people import change_member
from orgs import audit
from orgs.enums import Action, AffiliationKind
from orgs.models import Organization, Unit
from orgs.scoping import require_right


def returning(*, id_number: str, name: str) -> Member | None:
    """Who has this number and name on the books and belongs nowhere any more, alive; None otherwise.

    Whoever receives somebody with a letter knows both; they learn nothing else from it.
    """
    member = Member.objects.filter(id_number_index=id_number_index(id_number), name=name).first()
    if member is None:
        return None
    regular = Affiliation.objects.regular().filter(member=member)
    gone = regular.exists() and not regular.filter(until__isnull=True).exists()
    died = regular.filter(reason=Leaving.DECEASED.label).exists()
    return member if gone and not died else None


@transaction.atomic
def take_back(
    *, member: Member, organization: Organization, since: date, by, unit: Unit | None = None, **values
) -> Affiliation:
    """Let a person of `returning` belong to `organization` from `since`; `values` replace what is recorded of them.

    PermissionDenied without the right to change the organization; ValidationError while the person belongs somewhere
    or when the earlier 组织关系 ended after `since`.
    """
    require_right(by, Action.EDIT, organization)
    member = Member.objects.select_for_update().get(pk=member.pk)
    opened = open_affiliation(member, organization=organization, since=since, unit=unit, kind=AffiliationKind.REGULAR)
    audit.record_event(
        kind="affiliation.open",
        target=opened,
        organization=organization,
        by=by,
        changes={"member": [None, str(member.uid)], "since": [None, str(since)]},
    )
    if values:
        change_member(member, by=by, **values)
    return opened
