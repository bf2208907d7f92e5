"""Who approves for an organization: the nearest superior with 审批权限."""

import pytest

from elections.rules.approver import Superior, approver
from orgs.enums import Kind, UnitType

DISTRICT = Superior("区委", Kind.LOCAL_COMMITTEE, None)
STREET = Superior("街道党工委", Kind.WORKING_COMMITTEE, UnitType.SUBDISTRICT_OFFICE)
TOWN = Superior("镇党委", Kind.COMMITTEE, UnitType.TOWNSHIP)
COMMUNITY = Superior("社区党委", Kind.COMMITTEE, UnitType.COMMUNITY)
VILLAGE = Superior("村党委", Kind.COMMITTEE, UnitType.VILLAGE)
GROUP = Superior("集团党委", Kind.COMMITTEE, UnitType.STATE_OWNED)
PLANT = Superior("分厂党委", Kind.COMMITTEE, UnitType.STATE_OWNED)
GENERAL = Superior("社区党总支", Kind.GENERAL_BRANCH, UnitType.COMMUNITY)


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        ([STREET, DISTRICT], "街道党工委"),
        ([DISTRICT], "区委"),
        ([GENERAL, STREET, DISTRICT], "街道党工委"),
        # A 社区党委 or 村党委 approves nothing, even directly under a 党工委 or in a town.
        ([COMMUNITY, STREET, DISTRICT], "街道党工委"),
        ([VILLAGE, TOWN, DISTRICT], "镇党委"),
        ([GROUP, DISTRICT], "集团党委"),
        ([GROUP, STREET, DISTRICT], "集团党委"),
        # Under another 党委 it has no right of its own.
        ([PLANT, GROUP, DISTRICT], "集团党委"),
        # What the topmost stands under is not known.
        ([GROUP], None),
        ([GENERAL, COMMUNITY], None),
        ([], None),
    ],
)
def test_nearest_superior_that_approves(above, expected):
    found = approver(above)

    assert (found and found.key) == expected
