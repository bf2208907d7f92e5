"""划转: an organization with all below it under another superior, and asking the superior where one may not."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from elections.models import AssignedApprover, MoveRequest
from orgs import audit, paths, tree
from orgs.enums import Action
from orgs.models import Organization
from orgs.scoping import require_right
from orgs.services.records import save_changes


@transaction.atomic
def move_organization(
    *, organization: Organization, to: Organization, on: date, by, document_no: str = ""
) -> Organization:
    """Move an organization with all below it, on this installation also to another district.

    Needs the right at both sides. People, terms and rights go with it; an open request for it is granted.
    """
    if organization.parent_id == to.pk:
        raise ValidationError({"to": f"“{organization.name}”已经隶属“{to.name}”。"})
    _refuse_under_its_own_charge(organization, to)
    moved = tree.move(organization, to=to, on=on, basis=document_no, by=by)
    by.__dict__.pop("rights", None)
    for request in MoveRequest.objects.open().filter(organization=moved):
        _decide(request, is_granted=True, answer="", by=by)
    return moved


def _refuse_under_its_own_charge(organization: Organization, to: Organization) -> None:
    """ValidationError when it, or one below it, approves by document for what it would come to stand under."""
    here = paths.subtree(organization.path, "approver__path")
    for each in AssignedApprover.objects.filter(here, until__isnull=True).select_related("organization", "approver"):
        if paths.is_within(to.path, each.organization.path):
            charge = f"“{each.organization.name}”已指定由“{each.approver.name}”审批"
            raise ValidationError({"other": f"{charge}，后者不能划到它之下，请先变更。"})


@transaction.atomic
def request_move(
    *, organization: Organization, wanted: str, on: date, reason: str, by, document_no: str = ""
) -> MoveRequest:
    """Ask the superior to move an organization to a place that the requester may not change, in their own words."""
    require_right(by, Action.EDIT, organization)
    Organization.objects.select_for_update().get(pk=organization.pk)
    request = MoveRequest(
        organization=organization, wanted=wanted, on=on, reason=reason, document_no=document_no, by=by
    )
    request.full_clean()
    request.save(force_insert=True)
    audit.record_event(
        kind="move_request.file",
        target=request,
        organization=organization,
        by=by,
        changes={"on": [None, str(on)], "document_no": [None, document_no or None]},
    )
    return request


@transaction.atomic
def answer_move(*, request: MoveRequest, answer: str, by) -> MoveRequest:
    """Decline a request, with the reason; the requester may so withdraw their own. Moving grants it."""
    parent = request.organization.parent
    if request.by_id != by.pk:
        require_right(by, Action.EDIT, parent or request.organization)
    require_right(by, Action.EDIT, request.organization)
    request = MoveRequest.objects.select_for_update().get(pk=request.pk)
    if request.decided_at is not None:
        raise ValidationError("这项划转申请已经答复。")
    if not answer.strip():
        raise ValidationError({"answer": "请写明不同意的理由。"})
    _decide(request, is_granted=False, answer=answer.strip(), by=by)
    return request


def _decide(request: MoveRequest, *, is_granted: bool, answer: str, by) -> None:
    changes = {"is_granted": is_granted, "answer": answer, "decided_by": by, "decided_at": timezone.now()}
    save_changes(request, changes=changes, by=by, kind="move_request.decide", organization=request.organization)
