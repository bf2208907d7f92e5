"""Findings on size as SQL: `rules/structure.py` a second time."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from functools import cache

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.lookups import IsNull

from elections.findings_sql.heads import full_below, heads_known, total_from
from elections.findings_sql.scope import Found, Scope
from elections.rules.dated import latest_reaching
from elections.rules.structure import AGENCIES
from members.headcount import on_roll
from members.headcount_sql import among
from members.models import RosterConfirmation, full_on
from members.shortfall import below_since
from orgs.enums import Form, Kind, Severity, UnitType
from orgs.models.organization import OrganizationUnit


def structure(scope: Scope) -> Iterator[Found]:
    """Findings that follow from the number of members."""
    yield from _below_three(scope)
    most = scope.law.branch_members_most.on(scope.on).value
    too_large = Q(kind_on=Kind.BRANCH) & total_from(scope, most + 1)
    yield scope.found_in_books("ORG-02", "too_large", Severity.WARNING, too_large)
    yield from _other_kind(scope)
    least = scope.law.delegates_least.on(scope.on).value
    delegates = Q(kind_on__in=(Kind.GENERAL_BRANCH, Kind.COMMITTEE)) & total_from(scope, least)
    # The books keep no election by delegates yet, so nothing says that one already has them.
    yield scope.found_in_books("EL-05", "delegates", Severity.INFO, delegates)
    yield from _joint(scope)


def _below_three(scope: Scope) -> Iterator[Found]:
    """TERM-25; since when is read for the few branches that have too few, by the same service as for the rule."""
    law, on = scope.law, scope.on
    least, months = law.full_members_least.on(on).value, law.below_three_months.on(on).value
    small = Q(kind_on=Kind.BRANCH) & full_below(scope, least)
    last_begun = latest_reaching(on - timedelta(days=1), months)

    @cache
    def kept_too_long() -> list[int]:
        branches = scope.organizations.filter(small).order_by().values_list("pk", flat=True)
        since = below_since(branches, least=least, on=on)
        return [pk for pk, day in since.items() if day is not None and day <= last_begun]

    too_long = among(kept_too_long)
    yield scope.found_in_books("TERM-25", "kept_too_long", Severity.ERROR, small & too_long)
    yield scope.found_in_books("TERM-25", "below_three", Severity.WARNING, small & ~too_long)


def _other_kind(scope: Scope) -> Iterator[Found]:
    """党委 from 100 on, below that 总支 for a branch; by the unit type, where two share a rule as one."""
    law, on = scope.law, scope.on
    village, owned = Q(unit_type_on=UnitType.VILLAGE), Q(unit_type_on=UnitType.STATE_OWNED)
    agency = Q(unit_type_on__in=AGENCIES)
    steps = (
        (agency, law.agency_general_branch_least, 0, law.agency_committee_least, Severity.WARNING),
        (owned, law.state_owned_general_branch_least, 0, law.state_owned_committee_least, Severity.WARNING),
        (village, law.village_general_branch_above, 1, law.village_committee_least, Severity.INFO),
        (
            ~(agency | owned | village),
            law.other_general_branch_above,
            1,
            law.other_committee_least,
            Severity.INFO,
        ),
    )
    found: dict[tuple[str, Severity], Q] = defaultdict(Q)
    for of_type, general, above, committee, severity in steps:
        general, committee = general.on(on), committee.on(on)
        either = of_type & Q(kind_on__in=(Kind.BRANCH, Kind.GENERAL_BRANCH))
        branch = of_type & Q(kind_on=Kind.BRANCH)
        found[committee.rule_id, severity] |= either & total_from(scope, committee.value)
        found[general.rule_id, Severity.INFO] |= branch & total_from(scope, general.value + above, committee.value)
    for (rule_id, severity), condition in found.items():
        yield scope.found_in_books(rule_id, "size", severity, condition)


def _joint(scope: Scope) -> Iterator[Found]:
    law, on = scope.law, scope.on
    most, least = law.joint_units_most.on(on).value, law.joint_unit_full_members_least.on(on).value
    joint = Q(kind_on=Kind.BRANCH, form_on=Form.JOINT)
    links = OrganizationUnit.objects.filter(scope.within(), unit__voided_at__isnull=True).order_by()
    many = links.values("organization").annotate(number=Count("pk")).filter(number__gt=most)
    too_many = joint & Q(pk__in=many.values("organization")) & heads_known(scope)
    yield scope.found_in_books("ORG-03", "units", Severity.WARNING, too_many)
    rosters = RosterConfirmation.objects.filter(scope.within(), on__lte=on).order_by()
    of_unit = Q(organization=OuterRef("organization"), unit=OuterRef("unit")) & full_on(on, "member__")
    full = on_roll(of_unit, on).filter(is_stopped=False)
    enough = Q(IsNull(Subquery(full.values("pk")[least - 1 : least]), False))
    large = links.filter(enough, organization__in=rosters.values("organization"))
    large_enough = joint & Q(pk__in=large.values("organization")) & heads_known(scope)
    yield scope.found_in_books("ORG-03", "unit_large_enough", Severity.WARNING, large_enough)
