"""流入党员: receiving a floating member whose 组织关系 stays elsewhere; they are known here, and counted there."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from members.models import Affiliation, Guest, Member, id_number_index
from members.services.affiliations import end_affiliation, open_affiliation
from members.services.people import clean_id_number, new_member
from orgs import audit, crypto
from orgs.enums import Action, AffiliationKind, Kind
from orgs.models import Organization
from orgs.scoping import require_right
from orgs.services.records import save_changes

DETAILS = ("place_of_affiliation", "province", "floating_reason", "occupation", "has_certificate", "remark")
LEFT = "流入党员离开"
# Said alike wherever the person is on the books.
ANOTHER_NAME = "该公民身份号码已经登记，但姓名与所填的不一致，请核对姓名和公民身份号码。"
AT_HOME = "该党员的组织关系就在本党组织，不能登记为流入党员。"
STAYS_ALREADY = "该党员已登记为本党组织的流入党员。"


@transaction.atomic
def receive_guest(
    *,
    organization: Organization,
    name: str,
    by,
    since: date | None = None,
    id_number: str = "",
    contact: str = "",
    person: dict | None = None,
    **details,
) -> Guest:
    """Record that somebody whose 组织关系 is elsewhere lives with the branch `organization` from `since` on.

    `details` are columns of DETAILS. Who is on the books already (by ID number, under the same name) is not recorded a
    second time: the stay is noted for that person, whose own record stays as it is and out of sight. Others are
    recorded with `person`, further columns of PERSONAL_FIELDS. PermissionDenied without the right to change the
    branch; ValidationError when it is no branch, the number goes with another name, or the person belongs or stays
    there already.
    """
    require_right(by, Action.EDIT, organization)
    _refuse_foreign(details)
    if organization.kind != Kind.BRANCH:
        raise ValidationError({"organization": "流入党员应由党支部登记，请选择具体的党支部。"})
    id_number = clean_id_number(id_number)
    member = known_person(name, id_number) if id_number else None
    if member is None:
        member = new_member(name=name, id_number=id_number, **(person or {}))
    else:
        _refuse_at_home(member, organization)
        _refuse_overlap(member, organization, since)
    stay = open_affiliation(member, organization=organization, since=since, unit=None, kind=AffiliationKind.INCOMING)
    guest = Guest(affiliation=stay, **details)
    if contact:
        crypto.check_database_key()
        guest.set_contact(contact)
    guest.full_clean()
    guest.save(force_insert=True)
    values = audit.values_of(guest, tuple(details))
    audit.record_event(
        kind="guest.receive",
        target=guest,
        organization=organization,
        by=by,
        changes={field: [None, value] for field, value in values.items() if value not in (None, "")}
        | ({"contact_sealed": "changed"} if contact else {})
        | {
            "member": [None, str(member.uid)],
            "organization": [None, str(organization.uid)],
            "since": [None, str(since) if since else None],
        },
    )
    return guest


def known_person(name: str, id_number: str) -> Member | None:
    """Who has this ID number, held until the end of the transaction; None when nobody has.

    ValidationError when they have another name: the number alone must not make anybody a guest.
    """
    member = Member.objects.select_for_update().filter(id_number_index=id_number_index(id_number)).first()
    if member is not None and member.name != name:
        raise ValidationError({"id_number": ANOTHER_NAME})
    return member


@transaction.atomic
def change_guest(guest: Guest, *, by, expected_version: int | None = None, contact: str | None = None, **details):
    """Correct what is recorded about a stay: columns of DETAILS, `contact` (empty clears it); return the guest."""
    organization = guest.affiliation.organization
    require_right(by, Action.EDIT, organization)
    _refuse_foreign(details)
    if contact is not None and contact != guest.reveal_contact():
        before = guest.contact_sealed
        guest.set_contact(contact)
        details["contact_sealed"], guest.contact_sealed = guest.contact_sealed, before
    save_changes(
        guest,
        changes=details,
        by=by,
        kind="guest.change",
        organization=organization,
        expected_version=expected_version,
    )
    return guest


def end_stay(*, guest: Guest, on: date, by) -> Affiliation:
    """A guest left; `on` is the first day they are no longer received here."""
    return end_affiliation(affiliation=guest.affiliation, on=on, reason=LEFT, by=by)


def _refuse_at_home(member: Member, organization: Organization) -> None:
    here = Affiliation.objects.filter(member=member, organization=organization, until__isnull=True)
    if here.regular().exists():
        raise ValidationError(AT_HOME)
    if here.filter(kind=AffiliationKind.INCOMING).exists():
        raise ValidationError(STAYS_ALREADY)


def _refuse_overlap(member: Member, organization: Organization, since: date | None) -> None:
    """A stay does not begin before the last one at the same organization ended."""
    earlier = Affiliation.objects.filter(member=member, organization=organization, kind=AffiliationKind.INCOMING)
    if since is not None:
        earlier = earlier.filter(until__gt=since)
    if last := earlier.order_by("-until").first():
        raise ValidationError({"since": f"该党员上一次流入登记到{last.until}才结束，两段不能重叠。"})


def _refuse_foreign(details) -> None:
    if foreign := set(details) - set(DETAILS):
        raise TypeError(f"not recorded of a guest: {', '.join(sorted(foreign))}")
