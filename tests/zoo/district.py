"""The invented street of the animals that are no rosters of members, and who belongs to its branches."""

import datetime
from collections.abc import Sequence

from orgs.enums import MemberKind, Sex
from orgs.models import Organization
from tests import factories
from tests.zoo.animals import Expected
from tests.zoo.people import BIRTHS, FIRST, LI_ID, SECOND, SHEET, WANG_ID, ZHAO_ID

STREET = "虚构街道党工委"
THIRD, FOURTH, FIFTH = "虚构社区第三党支部", "虚构社区第四党支部", "虚构社区第五党支部"
BRANCHES = {FIRST: "YL01", SECOND: "YL02", THIRD: "YL03", FOURTH: "YL04", FIFTH: "YL05"}
# Name, number, branch; the last one is a probationary member.
PEOPLE = (("李明", LI_ID, FIRST), ("赵芳", ZHAO_ID, FIRST), ("王䶮", WANG_ID, SECOND))


def district() -> Organization:
    """The street with five community branches; it is what the rosters are uploaded for."""
    top = factories.StreetFactory(parent=factories.RootFactory(code="YLQ"), code="YL", name=STREET)
    for name, code in BRANCHES.items():
        factories.OrganizationFactory(parent=top, code=code, name=name)
    return top


def peopled() -> Organization:
    """The same with three members: two of the first branch, and a probationary one of the second."""
    top = district()
    for name, number, branch in PEOPLE:
        probationary = {"kind": MemberKind.PROBATIONARY, "joined_on": datetime.date(2026, 3, 5), "formal_on": None}
        born = datetime.date.fromisoformat(BIRTHS[number])
        sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
        facts = probationary if number == WANG_ID else {}
        member = factories.MemberFactory.build(name=name, birth=born, sex=sex, **facts)
        member.set_id_number(number)
        member.save()
        factories.AffiliationFactory(member=member, organization=Organization.objects.get(name=branch))
    return top


def row(number: int, fields: Sequence[str], cells: Sequence, codes=(), status="ok", sheet=SHEET, **changes) -> Expected:
    """A good row whose cells stand in the report as they are written, but for `changes` ('': no such field)."""
    record = {name: cell for name, cell in zip(fields, cells, strict=True) if name and cell is not None} | changes
    return Expected(number, status, codes, {name: value for name, value in record.items() if value}, sheet)
