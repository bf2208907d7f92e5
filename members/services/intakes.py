"""申请转入: a branch asks for a person whom its roster names and whose 组织关系 is out of its clerk's sight.

The asking side is answered alike wherever the person is. Those who keep the person see who asks, and agree or not;
until then the person stays, and is counted, where they are (教育管理条例 第二十五条).
"""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from members.models import Affiliation, IntakeOutcome, IntakeRequest, Member, TransferRequest
from members.services.affiliations import (
    TRANSFERRED,
    close_affiliation,
    log_handover,
    open_affiliation,
    takes_affiliations,
)
from members.services.keeping import keeper_of
from members.services.leaving import refuse_dead
from members.services.transfers import IN_TRANSIT
from orgs import audit
from orgs.enums import Action, AffiliationKind
from orgs.models import Organization
from orgs.scoping import NOT_ALLOWED, require_right
from orgs.services.records import save_changes

ASKED_ALREADY = "本党支部已经申请转入该党员，请等待答复。"
ANSWERED = "这项转入申请已经办结。"
NO_INTAKE = "这个党支部不接收组织关系，不能申请转入。"
OWN_PART = "该党员的组织关系在您的管理范围内，请直接办理“在管理范围内转接”。"


@transaction.atomic
def request_intake(*, member: Member, to: Organization, name: str, on: date, by, note: str = "") -> IntakeRequest:
    """Ask whoever keeps the person to let them come to the branch `to` on a day; nothing moves yet.

    `name` is what the asking side calls them. PermissionDenied without the right to change `to`; ValidationError when
    `to` takes no 组织关系, asked already, or `by` may change where the person is and can move them at once.
    """
    require_right(by, Action.EDIT, to)
    if to.closed_on is not None or not takes_affiliations(to):
        raise ValidationError(NO_INTAKE)
    keeper = keeper_of(member)
    if keeper is not None and by.may(Action.EDIT, keeper):
        raise ValidationError(OWN_PART)
    if IntakeRequest.objects.open().filter(member=member, to=to).exists():
        raise ValidationError(ASKED_ALREADY)
    request = IntakeRequest(member=member, to=to, name=name, on=on, note=note, by=by)
    request.full_clean()
    request.save(force_insert=True)
    audit.record_event(
        kind="intake.ask",
        target=request,
        organization=to,
        by=by,
        changes={"member": [None, str(member.uid)], "to": [None, str(to.uid)], "on": [None, str(on)]},
    )
    return request


@transaction.atomic
def grant_intake(*, request: IntakeRequest, on: date, by) -> Affiliation:
    """Let the person go to the branch that asked, from the day `on`; what they belonged to ends on the same day.

    PermissionDenied unless the person is kept where `by` may edit; ValidationError when it is answered, the person has
    died or is in transit elsewhere, or the day does not fit.
    """
    request = _held(request, by=by)
    member, to = request.member, request.to
    refuse_dead(member)
    if TransferRequest.objects.open().filter(member=member).exists():
        raise ValidationError(IN_TRANSIT)
    origin = keeper_of(member)
    present = Affiliation.objects.regular().filter(member=member, until__isnull=True).select_related("organization")
    present = present.first()
    if present is not None:
        if present.organization_id == to.pk:
            raise ValidationError(f"{member.name}的组织关系已在“{to.name}”。")
        close_affiliation(present, on=on, reason=TRANSFERRED)
    opened = open_affiliation(member, organization=to, since=on, unit=None, kind=AffiliationKind.REGULAR)
    _decide(request, IntakeOutcome.GRANTED, answer="", by=by, origin=origin)
    log_handover(present, opened, on=on, by=by)
    return opened


@transaction.atomic
def decline_intake(*, request: IntakeRequest, answer: str, by) -> IntakeRequest:
    """Say no with the reason, which the asking side reads; the person stays where they are."""
    request = _held(request, by=by)
    if not answer.strip():
        raise ValidationError({"answer": "请写明不同意的理由。"})
    _decide(request, IntakeOutcome.DECLINED, answer=answer.strip(), by=by, origin=keeper_of(request.member))
    return request


@transaction.atomic
def withdraw_intake(*, request: IntakeRequest, by, answer: str = "") -> IntakeRequest:
    """Take one's own request back while it waits."""
    require_right(by, Action.EDIT, request.to)
    request = _locked(request)
    _decide(request, IntakeOutcome.WITHDRAWN, answer=answer.strip(), by=by, origin=None)
    return request


def withdraw_intakes(*, to: Organization, answer: str, by) -> None:
    """Take back all that a branch asked for, when it can take nobody any more; `answer` says why."""
    for request in IntakeRequest.objects.open().filter(to=to).order_by("id"):
        withdraw_intake(request=request, by=by, answer=answer)


def _held(request: IntakeRequest, *, by) -> IntakeRequest:
    """The open request and its person, held; PermissionDenied unless the person is kept where `by` may edit."""
    Member.objects.select_for_update().get(pk=request.member_id)
    request = _locked(request)
    if not IntakeRequest.objects.answerable_by(by, Action.EDIT).filter(pk=request.pk).exists():
        raise PermissionDenied(NOT_ALLOWED)
    return request


def _locked(request: IntakeRequest) -> IntakeRequest:
    rows = IntakeRequest.objects.select_for_update(of=("self",)).select_related("member", "to")
    request = rows.get(pk=request.pk)
    if request.decided_at is not None:
        raise ValidationError(ANSWERED)
    return request


def _decide(request: IntakeRequest, outcome: IntakeOutcome, *, answer: str, by, origin: Organization | None) -> None:
    changes = {
        "outcome": outcome.value,
        "answer": answer,
        "origin": origin,
        "decided_by": by,
        "decided_at": timezone.now(),
    }
    kind = f"intake.{VERBS[outcome]}"
    save_changes(request, changes=changes, by=by, kind=kind, organization=origin or request.to)


VERBS = {
    IntakeOutcome.GRANTED: "grant",
    IntakeOutcome.DECLINED: "decline",
    IntakeOutcome.WITHDRAWN: "withdraw",
}
