"""Who approves for an organization: the nearest superior with 审批权限.

The right goes by kind and place, as the product has settled it: a 党工委, a 区委 and a 党委 directly under one of these
have it; a 总支 gives its 审核意见 only, and so does the 党委 of a 村 or 社区. An arrangement by document goes before:
it gives or takes the right of one organization, or names who approves for one (双重管理).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from orgs.enums import Kind, UnitType

APPROVING = frozenset({Kind.LOCAL_COMMITTEE, Kind.WORKING_COMMITTEE})
"""Kinds that approve wherever they stand."""

WITHOUT_APPROVAL = frozenset({UnitType.VILLAGE, UnitType.COMMUNITY})
"""Unit types whose 党委 approves nothing."""


@dataclass(frozen=True)
class Superior:
    """One organization above, as on the day asked about; `key` is the caller's own name for it.

    `arranged` is whether a document gives it the right (True) or takes it (False); `assigned` the caller's name of who
    approves for it and for what stands below it.
    """

    key: object
    kind: Kind
    unit_type: UnitType | None
    arranged: bool | None = None
    assigned: object = None


@dataclass(frozen=True)
class Approver:
    """Who approves, and whether a document names them instead of the nearest superior."""

    key: object
    by_document: bool = False


def has_right(each: Superior, higher: Superior | None) -> bool:
    """Whether an organization approves for those below it; `higher` is what it stands under, None when not known.

    A 党委 of which nobody knows what it stands under is not taken for one that approves.
    """
    if each.arranged is not None:
        return each.arranged
    if each.kind in APPROVING:
        return True
    stands_high = higher is not None and higher.kind in APPROVING
    return each.kind == Kind.COMMITTEE and stands_high and each.unit_type not in WITHOUT_APPROVAL


def approver(above: Sequence[Superior], assigned: object = None) -> Approver | None:
    """Who approves for an organization, None when that is not known.

    `above` are those it stands under (nearest first, the last without a known superior), `assigned` who a document
    names for the organization itself.
    """
    if assigned is not None:
        return Approver(assigned, by_document=True)
    for each, higher in zip_longest(above, above[1:]):
        if has_right(each, higher):
            return Approver(each.key, by_document=each.arranged is True)
        if each.assigned is not None:
            return Approver(each.assigned, by_document=True)
    return None
