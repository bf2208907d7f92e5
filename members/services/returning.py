"""转回: somebody whose 组织关系 had left these books belongs to a branch again, on the same entry."""

from datetime import date

from django.db import transaction

from members.models import Affiliation, Member, id_number_index
from members.services.affiliations import open_affiliation
from members.services.keeping import locked_for
from members.services.leaving import has_died, refuse_dead
from members.services.people import change_member
from orgs import audit
from orgs.enums import Action, AffiliationKind
from orgs.models import Organization, Unit
from orgs.scoping import require_right


def returning(*, id_number: str, name: str, by) -> Member | None:
    """Who has this number and name, was last kept where `by` may edit and belongs nowhere any more, alive; else None.

    Whom another part of the tree kept is for a superior of both: number and name alone must not open its books.
    """
    kept = Member.objects.editable_by(by)
    member = kept.filter(id_number_index=id_number_index(id_number), name=name).first()
    if member is None:
        return None
    regular = Affiliation.objects.regular().filter(member=member)
    gone = regular.exists() and not regular.filter(until__isnull=True).exists()
    return member if gone and not has_died(member) else None


@transaction.atomic
def take_back(
    *, member: Member, organization: Organization, since: date, by, unit: Unit | None = None, **values
) -> Affiliation:
    """Let a person of `returning` belong to `organization` from `since`; `values` replace what is recorded of them.

    PermissionDenied unless `by` may change the organization and the person is kept where `by` may edit;
    ValidationError while the person belongs somewhere, has died, or when the earlier 组织关系 ended after `since`.
    """
    require_right(by, Action.EDIT, organization)
    member = locked_for(by, member)
    refuse_dead(member)
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
