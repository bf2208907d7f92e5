"""Invented people for mixed files: names and ID numbers that nobody else in the file has."""

import datetime
import random
from typing import NamedTuple

from members.models import Member
from orgs.enums import Sex
from orgs.models import Organization
from tests import factories
from tests.workbooks import id_number

SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = ["明", "芳", "伟", "秀英", "䶮", "建国", "丽", "·艾力", "𬱖", "桂兰", "志强", "晓东"]


class Person(NamedTuple):
    """Somebody with a number that is theirs alone."""

    name: str
    number: str

    @property
    def birth(self) -> datetime.date:
        """As the number has it."""
        return datetime.date.fromisoformat(self.number[6:14])

    @property
    def sex(self) -> str:
        """As the number has it."""
        return "男" if int(self.number[16]) % 2 else "女"


def crowd(chance: random.Random, count: int) -> list[Person]:
    """People of different names and numbers, born between 1950 and 1999."""
    names = [surname + given for surname in SURNAMES for given in GIVEN]
    found = []
    for order, name in enumerate(chance.sample(names, count)):
        born = datetime.date(1950, 1, 1) + datetime.timedelta(days=chance.randrange(50 * 365))
        found.append(
            Person(name, id_number(birth=f"{born:%Y%m%d}", order=f"{(order * 7 + chance.randrange(7)) % 1000:03d}"))
        )
    return found


def on_the_books(person: Person, branch: Organization, **facts) -> Member:
    """Make somebody a member of a branch: a full one since 2021 unless `facts` say otherwise."""
    stated = {
        "joined_on": datetime.date(2020, 7, 1),
        "formal_on": datetime.date(2021, 7, 1),
        "birth": person.birth,
        **facts,
    }
    made = factories.MemberFactory.build(name=person.name, sex=Sex.from_label(person.sex), **stated)
    made.set_id_number(person.number)
    made.save()
    factories.AffiliationFactory(member=made, organization=branch)
    return made
