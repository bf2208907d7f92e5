"""Who approves for an organization: the nearest superior with 审批权限.

The right goes by kind and place, as the product has settled it: a 党工委, a 区委 and a 党委 directly under one of these
have it; a 总支 gives its 审核意见 only, and so does the 党委 of a 村 or 社区.
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
    """One organization above, as it is today; `key` is the caller's own name for it."""

    key: object
    kind: Kind
    unit_type: UnitType | None


def approver(above: Sequence[Superior]) -> Superior | None:
    """The one of `above` (nearest first, the last without a known superior) that approves; None when it is not there.

    Of a 党委 at the end nobody knows what it stands under: it is not taken for one that approves.
    """
    for each, higher in zip_longest(above, above[1:]):
        if each.kind in APPROVING:
            return each
        stands_high = higher is not None and higher.kind in APPROVING
        if each.kind == Kind.COMMITTEE and stands_high and each.unit_type not in WITHOUT_APPROVAL:
            return each
    return None
