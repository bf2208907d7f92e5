"""审批权限 and 双重管理: arrangements that differ from what kind and place give."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from elections.models import ApprovalRight, AssignedApprover
from orgs import paths
from orgs.enums import Action, Kind
from orgs.models import Organization
from orgs.scoping import require_right
from orgs.services.dated import succeed

NOTHING = "没有另行规定，不必恢复。"


@transaction.atomic
def set_approval_right(
    *, organization: Organization, has_right: bool | None, on: date, by, document_no: str = ""
) -> ApprovalRight | None:
    """Give an organization 审批权限 from a day on, or take it; None goes back to what kind and place give.

    PermissionDenied without the right to approve for it; ValidationError for a branch, which has nobody below it.
    """
    organization = _held(organization, by)
    if organization.kind == Kind.BRANCH:
        raise ValidationError("党支部没有下级党组织，不设审批权限。")
    present = ApprovalRight.objects.filter(organization=organization)
    row = None
    if has_right is not None:
        if present.filter(until__isnull=True, has_right=has_right).exists():
            raise ValidationError({"has_right": "与现有规定一致，没有需要保存的。"})
        row = ApprovalRight(organization=organization, has_right=has_right, document_no=document_no)
    elif not present.filter(until__isnull=True).exists():
        raise ValidationError({"has_right": NOTHING})
    return succeed(present=present, row=row, on=on, kind="approval_right", by=by)


@transaction.atomic
def assign_approver(
    *, organization: Organization, approver: Organization | None, on: date, by, document_no: str = ""
) -> AssignedApprover | None:
    """Say who approves for an organization from a day on (双重管理); None goes back to the nearest superior.

    PermissionDenied without the right to approve for it; ValidationError when the approver stands below it.
    """
    organization = _held(organization, by)
    present = AssignedApprover.objects.filter(organization=organization)
    row = None
    if approver is not None:
        if paths.is_within(approver.path, organization.path):
            raise ValidationError({"other": f"“{approver.name}”是它的下级，不能为它审批。"})
        if approver.closed_on is not None:
            raise ValidationError({"other": f"“{approver.name}”已撤销。"})
        row = AssignedApprover(organization=organization, approver=approver, document_no=document_no)
    elif not present.filter(until__isnull=True).exists():
        raise ValidationError({"other": NOTHING})
    return succeed(present=present, row=row, on=on, kind="approver", by=by)


def _held(organization: Organization, by) -> Organization:
    require_right(by, Action.APPROVE, organization)
    return Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
