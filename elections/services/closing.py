"""Closing (撤销) an organization together with what hangs on it: its people first, then posts, cases and rights."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from elections.models import ApprovalRight, AssignedApprover, Election, Leader, MoveRequest, Post, Term
from elections.services.posts import end_post
from members.models import Affiliation
from members.services import withdraw_intakes
from orgs import audit, tree
from orgs.days import spoken
from orgs.enums import Action, AffiliationKind, ElectionStage
from orgs.models import Grant, Organization, TerritorialLink
from orgs.scoping import require_right
from orgs.services.dated import end_all
from orgs.services.records import save_changes

DISSOLVED = "党组织撤销"
# {what holds for an organization as long as it exists: its name in the audit log}
ENDING = {
    Leader: "leader",
    ApprovalRight: "approval_right",
    AssignedApprover: "approver",
    TerritorialLink: "territory",
}


@transaction.atomic
def close_organization(
    *, organization: Organization, on: date, basis: str = "", by, stage: str = ElectionStage.DISSOLVED
) -> Organization:
    """Close an organization: `on` is the first day it no longer exists.

    Refused while people's 组织关系 are still there on that day, because they would
    fall out of every count: they move first; and when it elected, opened a case or
    filled a post on that day or later. Its posts, guests and the rights given over it
    end, its open elections are closed as `stage` on that day; its terms stay on the
    books, so that a closing after the expiry does not make it punctual.
    """
    require_right(by, Action.EDIT, organization)
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    refuse_later_facts(organization, on)
    refuse_while_relied_on(organization)
    left = Affiliation.objects.regular().filter(organization=organization).filter(_still_open(on)).count()
    if left:
        raise ValidationError(
            {"closed_on": f"“{organization.name}”还有 {left} 名党员的组织关系，请先办理转出或划转，再撤销。"}
        )
    end_guests(organization, on=on, by=by)
    end_posts(organization, on=on, by=by)
    end_elections(organization, on=on, stage=stage, by=by)
    _end_arrangements(organization, on=on, by=by)
    _end_rights(organization, on=on, by=by)
    _end_requests(organization, by=by)
    return tree.close(organization, on=on, basis=basis, by=by)


def refuse_later_facts(organization: Organization, on: date) -> None:
    """ValidationError when the books know something of the organization that happened on `on` or later."""
    found = []
    if term := Term.objects.filter(organization=organization, elected_on__gte=on).first():
        found.append(f"{spoken(term.elected_on, term.elected_on_precision)}换届选举")
    if election := Election.objects.filter(organization=organization, opened_on__gte=on).first():
        found.append(f"{spoken(election.opened_on)}启动{election.get_kind_display()}")
    if post := Post.objects.filter(organization=organization, since__gte=on).first():
        found.append(f"{spoken(post.since)}{post.holder_name}任{post.get_title_display()}")
    stays = Affiliation.objects.exclude(kind=AffiliationKind.REGULAR)
    if stay := stays.filter(organization=organization, since__gte=on).order_by("since").first():
        found.append(f"{spoken(stay.since)}{stay.get_kind_display()}党员")
    if found:
        facts = f"“{organization.name}”登记有{'、'.join(found)}，不早于{spoken(on)}"
        raise ValidationError({"on": f"{facts}，请核对生效日期或先更正这些记录。"})


def refuse_while_relied_on(organization: Organization) -> None:
    """ValidationError while other organizations have it for their approver by document, or for their 属地."""
    approves = AssignedApprover.objects.filter(approver=organization, until__isnull=True).count()
    looks_on = TerritorialLink.objects.filter(street=organization, until__isnull=True).count()
    parts = [f"{approves} 个党组织指定由它审批"] if approves else []
    parts += [f"{looks_on} 个党组织以它为属地"] if looks_on else []
    if parts:
        raise ValidationError({"closed_on": f"“{organization.name}”还有{'、'.join(parts)}，请先变更，再撤销。"})


def end_posts(organization: Organization, *, on: date, by) -> None:
    """End every post that began before the day and is still held on it."""
    posts = Post.objects.filter(organization=organization).filter(_still_open(on))
    for post in posts.filter(Q(since__isnull=True) | Q(since__lt=on)).order_by("id"):
        end_post(post=post, until=on, by=by)


def end_elections(organization: Organization, *, on: date, stage: str, by) -> None:
    """Close every case that is open on the day, as `stage`."""
    elections = Election.objects.filter(organization=organization, opened_on__lt=on)
    for election in elections.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on)).order_by("id"):
        changes = {"closed_on": on, "stage": stage}
        save_changes(election, changes=changes, by=by, kind="election.close", organization=organization)


def end_guests(organization: Organization, *, on: date, by, reason: str = DISSOLVED) -> list[Affiliation]:
    """End the 流入 and 临时 affiliations that hold on the day; return them."""
    guests = Affiliation.objects.exclude(kind=AffiliationKind.REGULAR).filter(organization=organization)
    ended = list(guests.filter(_still_open(on)).filter(Q(since__isnull=True) | Q(since__lt=on)).order_by("id"))
    for guest in ended:
        changes = {"until": on, "reason": reason}
        save_changes(guest, changes=changes, by=by, kind="affiliation.end", organization=organization)
    return ended


def _end_arrangements(organization: Organization, *, on: date, by) -> None:
    """Its 联系领导, and what was arranged for its approval and 属地, end with it."""
    for model, kind in ENDING.items():
        end_all(model.objects.filter(organization=organization), on=on, kind=kind, by=by)


def _end_rights(organization: Organization, *, on: date, by) -> None:
    """A right ends with what it is over; one that would not have held on any day is removed, the log keeps it."""
    for grant in Grant.objects.filter(organization=organization).filter(_still_open(on)).order_by("id"):
        values = audit.values_of(grant, ("user", "organization", "role", "since", "until"))
        if grant.since < on:
            Grant.objects.filter(pk=grant.pk).update(until=on)
            changes = {"until": [values["until"], str(on)]}
        else:
            changes = {field: [value, None] for field, value in values.items()}
        audit.record_event(kind="grant.end", target=grant, organization=organization, by=by, changes=changes)
        if grant.since >= on:
            grant.delete()
    by.__dict__.pop("rights", None)


def _end_requests(organization: Organization, *, by) -> None:
    """What was asked for the organization, or by it, needs no answer any more."""
    withdraw_intakes(to=organization, answer=DISSOLVED, by=by)
    for request in MoveRequest.objects.open().filter(organization=organization):
        changes = {"is_granted": False, "answer": DISSOLVED, "decided_by": by, "decided_at": timezone.now()}
        save_changes(request, changes=changes, by=by, kind="move_request.decide", organization=organization)


def _still_open(on: date) -> Q:
    return Q(until__isnull=True) | Q(until__gt=on)
