"""What the numbers of members say, as conditions on the organizations of a scope."""

from django.db.models import Q

from elections.findings_sql.scope import Scope
from members.headcount import Basis, HeadCount


def heads_unknown(scope: Scope) -> Q:
    """P-05: a number is missing somewhere in the subtree, so no threshold is tested."""
    return scope.heads.where(lambda count: not count.is_known)


def heads_differ(scope: Scope) -> Q:
    """P-04: what the organization declared is not what the rosters of its subtree have."""
    return scope.heads.where(lambda count: bool(count.declared_difference))


def heads_known(scope: Scope) -> Q:
    """Thresholds may be tested."""
    return scope.heads.where(lambda count: count.is_known)


def full_at_least(scope: Scope, number: int) -> Q:
    """A known number of full members, and so many or more."""
    return scope.heads.where(lambda count: count.is_known and count.full >= number)


def full_below(scope: Scope, number: int) -> Q:
    """A known number of full members, and fewer."""
    return scope.heads.where(lambda count: count.is_known and count.full < number)


def total_from(scope: Scope, least: int, below: int | None = None) -> Q:
    """A known number of members, `least` or more and fewer than `below`."""

    def test(count: HeadCount) -> bool:
        return count.is_known and least <= count.total and (below is None or count.total < below)

    return scope.heads.where(test)


def roster_counted(scope: Scope) -> Q:
    """A confirmed roster is among what was counted."""
    return scope.heads.where(lambda count: count.basis in (Basis.MEMBERS, Basis.MIXED))
