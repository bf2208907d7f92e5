"""组织关系转接 to another part of the tree: asked by the one side, answered by the other.

Until the receiving side accepts, the person stays with the origin and is counted there (教育管理条例 第二十五条);
from the day of receipt they are counted there instead: on every day exactly once.
"""

import unicodedata
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from members.models import Affiliation, Member, TransferOutcome, TransferRequest
from members.services.affiliations import TRANSFERRED, close_affiliation, log_handover, open_affiliation
from members.services.keeping import locked_for
from orgs import audit
from orgs.enums import Action, AffiliationKind
from orgs.models import Organization
from orgs.scoping import NOT_ALLOWED, require_right
from orgs.services.records import save_changes

IN_TRANSIT = "该党员的组织关系正在转接，请先撤回转接申请。"
OWN_PLACE = "“{}”在您的管理范围内，请直接办理“在管理范围内转接”。"
ANSWERED = "这项转接申请已经办结。"


@transaction.atomic
def request_transfer(
    *, member: Member, wanted: str, asked_on: date, letter_no: str, by, note: str = ""
) -> TransferRequest:
    """Ask the place that the words `wanted` mean (full name or code) to take over a person; nothing moves yet.

    It is answered alike whether there is such a place or not. PermissionDenied unless the person is kept where `by`
    may edit; ValidationError when they have no open affiliation, are in transit already, or the place is one's own.
    """
    member = locked_for(by, member)
    present = _present(member)
    require_right(by, Action.EDIT, present.organization)
    if TransferRequest.objects.open().filter(member=member).exists():
        raise ValidationError(IN_TRANSIT)
    if present.since is not None and asked_on < present.since:
        raise ValidationError({"on": f"开具日期不能早于转入日期{present.since}。"})
    to = addressee(wanted)
    if to is not None and by.may(Action.EDIT, to):
        raise ValidationError({"wanted": OWN_PLACE.format(to.name)})
    request = TransferRequest(
        member=member,
        origin=present.organization,
        wanted=wanted,
        to=to,
        asked_on=asked_on,
        letter_no=letter_no,
        note=note,
        by=by,
    )
    request.full_clean()
    request.save(force_insert=True)
    audit.record_event(
        kind="transfer.ask",
        target=request,
        organization=present.organization,
        by=by,
        changes={"member": [None, str(member.uid)], "asked_on": [None, str(asked_on)], "letter_no": [None, letter_no]},
    )
    return request


@transaction.atomic
def accept_transfer(*, request: TransferRequest, to: Organization, on: date, by) -> Affiliation:
    """Take a person over into the branch `to` from the day `on`; the request is the origin's consent.

    The affiliation with the origin ends on the same day. PermissionDenied unless the request is addressed to where
    `by` may edit, and `to` is there too; ValidationError when it is answered, or the day lies before it was sent.
    """
    request = _held(request, by=by)
    require_right(by, Action.EDIT, to)
    if on < request.asked_on:
        raise ValidationError({"on": f"接收日期不能早于介绍信开具日期{request.asked_on}。"})
    present = _present(request.member)
    if present.organization_id != request.origin_id and request.origin.closed_on is None:
        raise ValidationError("该党员的组织关系已不在转出方，请退回这项申请。")
    if present.since is not None and on <= present.since:
        # Not the day itself: it would tell the receiving side of the person's past.
        raise ValidationError({"on": "接收日期须晚于该党员转入原党组织的日期。"})
    close_affiliation(present, on=on, reason=TRANSFERRED)
    opened = open_affiliation(request.member, organization=to, since=on, unit=None, kind=AffiliationKind.REGULAR)
    _decide(request, TransferOutcome.ACCEPTED, answer="", by=by, organization=to)
    log_handover(present, opened, on=on, by=by)
    return opened


@transaction.atomic
def decline_transfer(*, request: TransferRequest, answer: str, by) -> TransferRequest:
    """Send a request back with the reason; the person stays where they are."""
    request = _held(request, by=by)
    if not answer.strip():
        raise ValidationError({"answer": "请写明退回的理由。"})
    _decide(request, TransferOutcome.DECLINED, answer=answer.strip(), by=by, organization=request.to)
    return request


@transaction.atomic
def withdraw_transfer(*, request: TransferRequest, by, answer: str = "") -> TransferRequest:
    """Take one's own request back while it waits."""
    locked_for(by, request.member)
    request = _locked(request)
    require_right(by, Action.EDIT, _present(request.member).organization)
    _decide(request, TransferOutcome.WITHDRAWN, answer=answer, by=by, organization=request.origin)
    return request


@transaction.atomic
def readdress_transfer(*, request: TransferRequest, wanted: str, by) -> TransferRequest:
    """Put other words for the place on a request that waits, e.g. after a slip of the pen; it is answered alike again.

    The log names neither place. PermissionDenied unless the person is kept where `by` may edit; ValidationError when
    the request is answered, the words are the same, or the place is one's own.
    """
    locked_for(by, request.member)
    request = _locked(request)
    require_right(by, Action.EDIT, _present(request.member).organization)
    wanted = wanted.strip()
    if wanted == request.wanted:
        raise ValidationError({"wanted": "与原来填写的一致，没有需要保存的。"})
    to = addressee(wanted)
    if to is not None and by.may(Action.EDIT, to):
        raise ValidationError({"wanted": OWN_PLACE.format(to.name)})
    request.wanted, request.to = wanted, to
    request.version += 1
    request.full_clean()
    request.save(update_fields=["wanted", "to", "version"])
    audit.record_event(
        kind="transfer.readdress",
        target=request,
        organization=request.origin,
        by=by,
        changes={"member": [None, str(request.member.uid)]},
    )
    return request


def _present(member: Member) -> Affiliation:
    present = Affiliation.objects.regular().filter(member=member, until__isnull=True).select_related("organization")
    present = present.first()
    if present is None:
        raise ValidationError(f"{member.name}没有正在履行的组织关系，不能转接。")
    return present


def addressee(wanted: str) -> Organization | None:
    """The one organization with this code or full name, wherever it is; None when there is none, or more than one."""
    words = "".join(unicodedata.normalize("NFKC", wanted).split())
    found = Organization.objects.filter(closed_on__isnull=True).filter(Q(code=words) | Q(name=words) | Q(name=wanted))
    found = list(found[:2])
    return found[0] if len(found) == 1 else None


def _held(request: TransferRequest, *, by) -> TransferRequest:
    """The open request and its person, held; PermissionDenied unless it is addressed to where `by` may edit."""
    if not TransferRequest.objects.addressed_to(by, Action.EDIT).filter(pk=request.pk).exists():
        raise PermissionDenied(NOT_ALLOWED)
    Member.objects.select_for_update().get(pk=request.member_id)
    return _locked(request)


def _locked(request: TransferRequest) -> TransferRequest:
    rows = TransferRequest.objects.select_for_update(of=("self",)).select_related("member", "origin", "to")
    request = rows.get(pk=request.pk)
    if request.decided_at is not None:
        raise ValidationError(ANSWERED)
    return request


def _decide(request: TransferRequest, outcome: TransferOutcome, *, answer: str, by, organization: Organization) -> None:
    changes = {"outcome": outcome.value, "answer": answer, "decided_by": by, "decided_at": timezone.now()}
    save_changes(request, changes=changes, by=by, kind=f"transfer.{VERBS[outcome]}", organization=organization)


VERBS = {
    TransferOutcome.ACCEPTED: "accept",
    TransferOutcome.DECLINED: "decline",
    TransferOutcome.WITHDRAWN: "withdraw",
}
