"""吸收合并 and 新设合并."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from elections.models import Succession
from elections.services.closing import close_organization, end_guests
from elections.services.reorganization.people import confirm_rosters, move_people
from members.models import Affiliation
from members.services import affiliate
from orgs import audit, tree
from orgs.enums import Action, ElectionStage, Form, Kind, SuccessionKind
from orgs.models import Organization, OrganizationUnit
from orgs.namesakes import refuse_namesake
from orgs.scoping import require_right


@transaction.atomic
def absorb(*, former: Organization, into: Organization, on: date, by, document_no: str = "") -> Succession:
    """Merge `former` into `into` (吸收合并): the one closes on the day, the other keeps its term and its expiry.

    People, and organizations below, go over on the same day; open cases of the former end as 因合并终止, its posts
    end. PermissionDenied without the right at both sides; ValidationError where the two cannot become one.
    """
    require_right(by, Action.EDIT, former)
    require_right(by, Action.EDIT, into)
    _refuse_unequal(former, into)
    _hand_over(former, into, on=on, by=by)
    close_organization(
        organization=former,
        on=on,
        basis=_basis(document_no, f"并入“{into.name}”"),
        by=by,
        stage=ElectionStage.MERGED,
    )
    return record_succession(
        organization=into, former=former, kind=SuccessionKind.ABSORBED, on=on, document_no=document_no, by=by
    )


@transaction.atomic
def merge_into_new(
    *, former: Sequence[Organization], name: str, on: date, by, code: str = "", form: str = "", document_no: str = ""
) -> Organization:
    """Found one organization out of several (新设合并), which close on the day; return it.

    It stands where the first of them stood, with its kind and unit type, and waits for its first election.
    """
    if len({each.pk for each in former}) < 2:
        raise ValidationError("新设合并至少要有两个党组织。")
    first = former[0]
    for each in former:
        require_right(by, Action.EDIT, each)
        _refuse_unequal(first, each, same=True)
    new = tree.create(
        by=by,
        parent=first.parent,
        name=name,
        kind=first.kind,
        form=form or first.form,
        unit_type=first.unit_type,
        founded_on=on,
        code=code,
        remark=_basis(document_no, "新设合并"),
    )
    for each in former:
        _take_units(each, new)
        _hand_over(each, new, on=on, by=by)
    if new.kind == Kind.BRANCH:
        confirm_rosters(of=former, new=[new], on=on, by=by)
    for each in former:
        close_organization(
            organization=each,
            on=on,
            basis=_basis(document_no, f"新设合并为“{name}”"),
            by=by,
            stage=ElectionStage.MERGED,
        )
        record_succession(
            organization=new, former=each, kind=SuccessionKind.MERGED, on=on, document_no=document_no, by=by
        )
    refuse_namesake(new)
    return new


def record_succession(
    *, organization: Organization, former: Organization, kind: str, on: date, document_no: str, by
) -> Succession:
    """Note how an organization came out of another, inside the caller's transaction."""
    succession = Succession(organization=organization, former=former, kind=kind, on=on, document_no=document_no)
    succession.full_clean()
    succession.save(force_insert=True)
    audit.record_event(
        kind="organization.succession",
        target=succession,
        organization=organization,
        by=by,
        changes={"former": [None, str(former.uid)], "kind": [None, str(kind)], "on": [None, str(on)]},
    )
    return succession


def _refuse_unequal(former: Organization, into: Organization, *, same: bool = False) -> None:
    if former.pk == into.pk and not same:
        raise ValidationError({"into": "党组织不能并入它自己。"})
    if former.kind != into.kind:
        raise ValidationError(
            f"{Kind(former.kind).label}“{former.name}”和{Kind(into.kind).label}“{into.name}”类别不同，请先改建成同一类别。"
        )
    for each in (former, into):
        if each.closed_on is not None:
            raise ValidationError(f"“{each.name}”已撤销。")
    if former.path != into.path and _is_above(former, into):
        raise ValidationError({"into": f"“{into.name}”是“{former.name}”的下级，不能合并。"})


def _is_above(one: Organization, other: Organization) -> bool:
    return tree.paths.is_within(other.path, one.path) or tree.paths.is_within(one.path, other.path)


def _hand_over(former: Organization, into: Organization, *, on: date, by) -> None:
    """People, guests and organizations below go over."""
    reason = f"“{former.name}”并入“{into.name}”"
    if into.form == Form.JOINT:
        _take_units(former, into)
    if Affiliation.objects.regular().filter(organization=former, until__isnull=True).exists():
        move_people(organization=former, to=into, on=on, by=by, reason=reason)
    for guest in end_guests(former, on=on, by=by, reason=reason):
        affiliate(member=guest.member, organization=into, by=by, since=on, kind=guest.kind)
    for child in Organization.objects.children_of(former).filter(closed_on__isnull=True).order_by("path"):
        tree.move(child, to=into, on=on, basis=reason, by=by)


def _take_units(former: Organization, into: Organization) -> None:
    """The units behind the former organization stand behind the other one too."""
    present = set(OrganizationUnit.objects.filter(organization=into).values_list("unit_id", flat=True))
    links = OrganizationUnit.objects.filter(organization=former).exclude(unit_id__in=present).order_by("id")
    OrganizationUnit.objects.bulk_create(OrganizationUnit(organization=into, unit_id=link.unit_id) for link in links)


def _basis(document_no: str, words: str) -> str:
    return f"{document_no} {words}".strip()
