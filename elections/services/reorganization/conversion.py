"""升格 and 改建: the same organization in another form, whose first election is still to come."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from elections.services import terms
from elections.services.closing import close_organization, end_elections, end_posts
from elections.services.reorganization.merging import record_succession
from elections.services.reorganization.people import confirm_rosters, refuse_later_moves
from elections.services.reorganization.splitting import NewBranch, found_branches
from members.models import Affiliation
from members.services import affiliate, end_affiliation, withdraw_intakes
from orgs import tree
from orgs.days import spoken
from orgs.enums import Action, ElectionStage, Form, Kind, SuccessionKind
from orgs.models import Organization
from orgs.namesakes import refuse_namesake
from orgs.scoping import require_right

CONVERTED = "党支部改建"
CONVERTIBLE = (Kind.BRANCH, Kind.GENERAL_BRANCH, Kind.COMMITTEE)


@transaction.atomic
def convert(
    *,
    organization: Organization,
    kind: str,
    on: date,
    by,
    name: str = "",
    branches: Sequence[NewBranch] = (),
    document_no: str = "",
) -> Organization:
    """Make a 支部, 总支 or 党委 another of these from the day of the 批复; return it.

    Code and place stay. The term ends on the day with its posts and open elections, and the first election of the new
    form is awaited. A branch's people go to `branches` founded under it, since every member is in one branch; what
    becomes a branch takes in the branches below it.
    """
    require_right(by, Action.EDIT, organization)
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    _refuse(organization, kind, on)
    end_elections(organization, on=on, stage=ElectionStage.CONVERTED, by=by)
    end_posts(organization, on=on, by=by)
    if organization.kind == Kind.BRANCH:
        withdraw_intakes(to=organization, answer=CONVERTED, by=by)
    gathered = _dissolve_below(organization, on=on, by=by, document_no=document_no) if kind == Kind.BRANCH else []
    values = {"kind": kind, "converted_on": on, **({"name": name} if name else {})}
    organization = tree.reshape(organization, on=on, basis=document_no, by=by, **values)
    if name:
        refuse_namesake(organization)
    if kind != Kind.BRANCH and (branches or _has_people(organization)):
        founded = found_branches(
            organization, parent=organization, branches=branches, on=on, by=by, document_no=document_no
        )
        for new in founded:
            refuse_namesake(new)
        if left := _people_left(organization):
            raise ValidationError(f"还有 {left} 名党员没有分到新设的党支部，请逐一选择。")
    _take_in(organization, gathered, on=on, by=by, document_no=document_no)
    terms.refresh([organization.pk])
    return organization


def children_now(organization: Organization) -> list[Organization]:
    """The organizations directly under it that are not closed."""
    return list(Organization.objects.children_of(organization).filter(closed_on__isnull=True).order_by("path"))


def _dissolve_below(
    organization: Organization, *, on: date, by, document_no: str
) -> list[tuple[Organization, list[Affiliation]]]:
    """Close the branches below; each with the affiliations that ended there, for `_take_in`."""
    dissolved = []
    for child in children_now(organization):
        refuse_later_moves(child, on)
        here = Affiliation.objects.filter(organization=child, until__isnull=True).select_related("member")
        ended = [
            end_affiliation(affiliation=each, on=on, reason=f"“{child.name}”撤销", by=by)
            for each in here.order_by("id")
        ]
        close_organization(organization=child, on=on, basis=document_no, by=by, stage=ElectionStage.MERGED)
        dissolved.append((child, ended))
    return dissolved


def _take_in(organization: Organization, dissolved, *, on: date, by, document_no: str) -> None:
    """Open with the new branch the affiliations that ended below it, and note where it took them from."""
    for child, ended in dissolved:
        for each in ended:
            affiliate(member=each.member, organization=organization, by=by, since=on, kind=each.kind)
        record_succession(
            organization=organization,
            former=child,
            kind=SuccessionKind.ABSORBED,
            on=on,
            document_no=document_no,
            by=by,
        )
    if dissolved:
        confirm_rosters(of=[child for child, _ in dissolved], new=[organization], on=on, by=by)


def _refuse(organization: Organization, kind: str, on: date) -> None:
    if kind not in CONVERTIBLE or organization.kind not in CONVERTIBLE:
        raise ValidationError({"kind": "只有党支部、党总支、党委之间可以升格或改建。"})
    if kind == organization.kind:
        raise ValidationError({"kind": f"“{organization.name}”已经是{Kind(kind).label}。"})
    if organization.form != Form.ORDINARY and kind != Kind.BRANCH:
        form = Form(organization.form).label
        raise ValidationError({"kind": f"“{organization.name}”是{form}党支部，请先改为普通党支部。"})
    if organization.closed_on is not None:
        raise ValidationError(f"“{organization.name}”已撤销。")
    if organization.converted_on is not None and organization.converted_on >= on:
        raise ValidationError({"on": f"“{organization.name}”已于{spoken(organization.converted_on)}改建。"})
    if kind == Kind.BRANCH and (
        above := [each.name for each in children_now(organization) if each.kind != Kind.BRANCH]
    ):
        raise ValidationError({"kind": f"下级“{above[0]}”不是党支部，请先改建、划转或撤销。"})


def _has_people(organization: Organization) -> bool:
    return _people_left(organization) > 0


def _people_left(organization: Organization) -> int:
    return Affiliation.objects.regular().filter(organization=organization, until__isnull=True).count()
