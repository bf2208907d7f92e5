"""组织关系: to whom a person belongs, one organization at a time (教育管理条例 第二十五条)."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q

from members.models import Affiliation, Member
from members.services.keeping import locked_for
from orgs import audit
from orgs.enums import Action, AffiliationKind, Form, Kind
from orgs.models import Organization, OrganizationUnit, Unit
from orgs.scoping import NOT_ALLOWED, require_right
from orgs.services.records import save_changes

TRANSFERRED = "组织关系转接"
# 临时党支部 does not take over 组织关系 (支部条例 第八条); a functional one neither, a mobile one only when so marked.
TAKES_NO_AFFILIATIONS = frozenset({Form.TEMPORARY, Form.FUNCTIONAL})


@transaction.atomic
def affiliate(
    *,
    member: Member,
    organization: Organization,
    by,
    since: date | None = None,
    unit: Unit | None = None,
    kind: str = AffiliationKind.REGULAR,
) -> Affiliation:
    """Let a person belong to `organization` from `since` on (None: before all records).

    PermissionDenied unless `by` may change `organization` and where the person is kept; a guest (流入, 临时组织关系)
    stays with their own organization, so there it is enough that `by` sees the person. While a regular affiliation
    is open another one is refused: see `transfer_within`.
    """
    require_right(by, Action.EDIT, organization)
    people = Member.objects.editable_by(by) if kind == AffiliationKind.REGULAR else Member.objects.visible_to(by)
    if not people.filter(pk=member.pk).exists():
        raise PermissionDenied(NOT_ALLOWED)
    member = Member.objects.select_for_update().get(pk=member.pk)
    opened = open_affiliation(member, organization=organization, since=since, unit=unit, kind=kind)
    audit.record_event(
        kind="affiliation.open",
        target=opened,
        organization=organization,
        by=by,
        changes=_opening(opened) | {"member": [None, str(member.uid)]},
    )
    return opened


@transaction.atomic
def transfer_within(
    *, member: Member, to: Organization, on: date, by, unit: Unit | None = None, reason: str = TRANSFERRED
) -> Affiliation:
    """End the person's regular affiliation and begin the one with `to` on the same day; return the new one.

    PermissionDenied unless `by` may change both organizations.
    """
    require_right(by, Action.EDIT, to)
    member = locked_for(by, member)
    present = Affiliation.objects.regular().filter(member=member, until__isnull=True).select_related("organization")
    present = present.first()
    if present is None:
        raise ValidationError(f"{member.name}没有正在履行的组织关系，不能划转，请直接接收。")
    require_right(by, Action.EDIT, present.organization)
    if present.organization_id == to.pk:
        raise ValidationError(f"{member.name}的组织关系已在“{to.name}”。")
    close_affiliation(present, on=on, reason=reason)
    opened = open_affiliation(member, organization=to, since=on, unit=unit, kind=AffiliationKind.REGULAR)
    audit.record_event(
        kind="member.transfer",
        target=member,
        organization=to,
        by=by,
        changes={
            "organization": [str(present.organization.uid), str(to.uid)],
            "since": [None, str(on)],
            "reason": [None, reason],
        },
    )
    return opened


@transaction.atomic
def end_affiliation(
    *, affiliation: Affiliation, on: date, reason: str, by, expected_version: int | None = None
) -> Affiliation:
    """End an affiliation for `reason`; `on` is the first day the person no longer belongs there."""
    require_right(by, Action.EDIT, affiliation.organization)
    Member.objects.select_for_update().get(pk=affiliation.member_id)
    affiliation = Affiliation.objects.select_related("organization", "member").get(pk=affiliation.pk)
    if affiliation.until is not None:
        raise ValidationError(f"{affiliation.member.name}在“{affiliation.organization.name}”的组织关系已经结束。")
    _check_end(affiliation, on)
    save_changes(
        affiliation,
        changes={"until": on, "reason": reason},
        by=by,
        kind="affiliation.end",
        organization=affiliation.organization,
        expected_version=expected_version,
    )
    return affiliation


@transaction.atomic
def set_unit(*, affiliation: Affiliation, unit: Unit | None, by) -> Affiliation:
    """Name the unit a member of a joint branch comes from; it must be one of the branch's units."""
    require_right(by, Action.EDIT, affiliation.organization)
    _check_unit(affiliation.organization, unit)
    save_changes(
        affiliation, changes={"unit": unit}, by=by, kind="affiliation.unit", organization=affiliation.organization
    )
    return affiliation


def open_affiliation(
    member: Member, *, organization: Organization, since: date | None, unit: Unit | None, kind: str
) -> Affiliation:
    """Write an open affiliation inside the caller's transaction; the caller holds the member and leaves the event."""
    if kind == AffiliationKind.REGULAR:
        _check_takes_members(organization)
        _check_no_other(member, since)
    if organization.closed_on is not None:
        raise ValidationError({"organization": f"“{organization.name}”已撤销，不能接收党员。"})
    if since is not None and organization.founded_on is not None and since < organization.founded_on:
        raise ValidationError({"since": f"{since}时“{organization.name}”尚未成立。"})
    _check_unit(organization, unit)
    opened = Affiliation(member=member, organization=organization, unit=unit, kind=kind, since=since)
    opened.full_clean()
    opened.save(force_insert=True)
    return opened


def takes_affiliations(organization: Organization) -> bool:
    """Whether 组织关系 can be in an organization: a branch, of a form that takes them over."""
    mobile_without = organization.form == Form.MOBILE and not organization.holds_affiliations
    return organization.kind == Kind.BRANCH and organization.form not in TAKES_NO_AFFILIATIONS and not mobile_without


def _check_takes_members(organization: Organization) -> None:
    """Every member is in one branch (教育管理条例 第二十五条)."""
    if organization.kind != Kind.BRANCH:
        raise ValidationError({"organization": "党员的组织关系应落在党支部，请选择具体的党支部。"})
    if not takes_affiliations(organization):
        form = Form(organization.form).label
        raise ValidationError({"organization": f"“{organization.name}”是{form}党支部，不转接组织关系。"})


def _check_unit(organization: Organization, unit: Unit | None) -> None:
    if unit is not None and not OrganizationUnit.objects.filter(organization=organization, unit=unit).exists():
        raise ValidationError({"unit": f"“{unit.name}”不是“{organization.name}”的所在单位。"})


def _check_no_other(member: Member, since: date | None) -> None:
    """No regular affiliation that is open or ends after `since`."""
    others = Affiliation.objects.regular().filter(member=member)
    overlap = others.filter(until__isnull=True).first()
    if overlap:
        raise ValidationError(f"{member.name}已有正在履行的组织关系，请先转出或办理划转。")
    overlap = others if since is None else others.filter(Q(until__gt=since))
    if last := overlap.order_by("-until").first():
        raise ValidationError({"since": f"{member.name}的上一段组织关系到{last.until}才结束，两段不能重叠。"})


def _check_end(affiliation: Affiliation, on: date) -> None:
    if affiliation.since is not None and on <= affiliation.since:
        raise ValidationError({"on": f"转出日期须晚于转入日期{affiliation.since}。"})


def close_affiliation(affiliation: Affiliation, *, on: date, reason: str) -> None:
    """End it inside a transfer; the caller holds the member and leaves the event."""
    _check_end(affiliation, on)
    affiliation.until, affiliation.reason = on, reason
    affiliation.version += 1
    affiliation.full_clean()
    affiliation.save(update_fields=["until", "reason", "version"])


def log_handover(ended: Affiliation | None, opened: Affiliation, *, on: date, by) -> None:
    """Leave the events of a person who came from another part of the tree: each side's log tells its own half."""
    if ended is not None:
        audit.record_event(
            kind="affiliation.end",
            target=ended,
            organization=ended.organization,
            by=by,
            changes={"until": [None, str(on)], "reason": [None, ended.reason]},
        )
    audit.record_event(
        kind="affiliation.open",
        target=opened,
        organization=opened.organization,
        by=by,
        changes={
            "organization": [None, str(opened.organization.uid)],
            "since": [None, str(on)],
            "member": [None, str(opened.member.uid)],
        },
    )


def _opening(affiliation: Affiliation) -> dict:
    values = audit.values_of(affiliation, ("organization", "unit", "kind", "since"))
    return {field: [None, value] for field, value in values.items() if value is not None}
