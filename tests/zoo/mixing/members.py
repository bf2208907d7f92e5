"""Mixed rosters of members: people of three branches, some of them on the books before."""

import datetime
import random
from collections.abc import Sequence

from dateutil.relativedelta import relativedelta

from members.models import Affiliation, Member
from orgs.enums import MemberKind, Sex
from orgs.models import Organization
from tests import factories
from tests.zoo.mixing.branches import BRANCHES, place_traps
from tests.zoo.mixing.entries import (
    WIDE,
    Entry,
    Formula,
    Lost,
    as_stated,
    drop_absent,
    month_of,
    odd,
    spelled,
    trap,
    wrong,
)
from tests.zoo.mixing.layout import PLACE, Shape
from tests.zoo.mixing.people import Person, crowd

SHAPE = Shape(
    "党员花名册",
    {
        PLACE: ["所在党支部", "所属党支部", "编入党支部", "现党关系所在党支部"],
        "name": ["姓名", "姓 名", "党员姓名"],
        "sex": ["性别", "姓别"],
        "ethnicity": ["民族", "名族"],
        "birth": ["出生日期", "出生年月日"],
        "id_number": ["公民身份号码", "身份证号", "身份证号码（18位）", "公民身份证号"],
        "education": ["学历", "文化程度"],
        "kind": ["人员类别", "党籍状态"],
        "joined": ["入党日期", "入党时间", "加入党组织日期"],
        "formal_on": ["转正日期", "转正时间", "转为正式党员日期"],
        "work_unit": ["工作单位", "工作/学习单位"],
        "phone": ["联系电话", "手机号码"],
        "remark": ["备注"],
    },
    {"joined": ("入党", "时间"), "formal_on": ("转正", "时间")},
)
# What two sheets of one file may be called.
TWO_SHEETS = ("第一批", "第二批")
NEEDED = (PLACE, "name", "id_number", "kind", "joined", "formal_on")
EDUCATION = {"本科": "大学本科", "大专": "大学专科", "研究生/硕士": "研究生", "高中": "高中", "初中及以下": "初中"}
ETHNICITY = {"汉": "汉族", "汉族": "汉族", "维吾尔族": "维吾尔族", "壮": "壮族", "满": "满族"}
KINDS = {"正式党员": "正式党员", "正式": "正式党员", "中共党员": "正式党员", "预备党员": "预备党员", "预备": "预备党员"}
FACTS = (
    "name",
    "sex",
    "ethnicity",
    "birth",
    "education",
    "kind",
    "joined",
    "formal_on",
    "work_unit",
    "phone",
    "remark",
)


def number_of(entry: Entry) -> str:
    """The ID number that a row means."""
    return entry.record["id_number"]


def is_full(entry: Entry) -> bool:
    """Whether a row is about a full member."""
    return entry.record["kind"] == "正式党员"


def _future(entry: Entry, chance: random.Random) -> None:
    entry.write(joined="2031-07-01", formal_on=None)
    entry.errors.add("DATE_FUTURE")
    if is_full(entry):
        entry.warnings.add("FORMAL_DATE_MISSING")


def _order(entry: Entry, chance: random.Random) -> None:
    entry.write(formal_on="2001-01-01")
    entry.errors.add("DATE_ORDER")


def _under_age(entry: Entry, chance: random.Random) -> None:
    birth = datetime.date.fromisoformat(entry.record["birth"])
    entry.write(joined=f"{birth + relativedelta(years=17):%Y-%m-%d}")
    entry.errors.add("DATE_UNDERAGE")


def _no_formal_day(entry: Entry, chance: random.Random) -> None:
    entry.write(formal_on=chance.choice([None, "无", "/"]))
    entry.mean(formal_on="")
    entry.warnings.add("FORMAL_DATE_MISSING")


def _full_of_today(entry: Entry, chance: random.Random) -> None:
    """A probationary member with a formal day."""
    entry.write(kind="预备党员")
    entry.errors.add("KIND_INCONSISTENT")


def _joined_month(entry: Entry, chance: random.Random) -> None:
    day = datetime.date.fromisoformat(entry.record["joined"])
    entry.write(joined=month_of(day, chance))
    entry.mean(joined=f"{day:%Y-%m}")
    entry.warnings.add("DATE_MONTH_ONLY")


def _joined_year(entry: Entry, chance: random.Random) -> None:
    entry.write(joined=f"{entry.record['joined'][:4]}年")
    entry.mean(joined=entry.record["joined"][:4])
    entry.warnings.add("DATE_YEAR_ONLY_MEMBER")


def _phone(written: str, means: str):
    return odd("phone", lambda entry: written, means)


def wrong_digit(number: str) -> str:
    """The number with another check digit."""
    return number[:17] + ("1" if number[17] != "1" else "2")


NUMBER_TRAPS = {
    "remark too long": odd("remark", lambda entry: "长" * 201, "", "ENUM_UNKNOWN"),
    "wide digits": odd("id_number", lambda entry: number_of(entry).translate(WIDE)),
    "spaces in the number": odd(
        "id_number",
        lambda entry: f" {number_of(entry)[:6]} {number_of(entry)[6:14]}\u00a0{number_of(entry)[14:]}\u200b",
    ),
    "small x": odd("id_number", lambda entry: number_of(entry).lower()),
    "formula text": odd("id_number", lambda entry: f'="{number_of(entry)}"'),
    "tab behind": odd("id_number", lambda entry: f"{number_of(entry)}\t"),
    "apostrophe": odd("id_number", lambda entry: f"'{number_of(entry)}"),
    "short number": wrong("id_number sex birth joined", "ID_LENGTH", lambda entry: number_of(entry)[:17]),
    "wrong digit": wrong("id_number sex birth joined", "ID_CHECKSUM", lambda entry: wrong_digit(number_of(entry))),
    "old number": wrong(
        "id_number sex birth joined", "ID_LEGACY15", lambda entry: number_of(entry)[:6] + number_of(entry)[8:17]
    ),
    "lost digits": wrong(
        "id_number sex birth joined",
        "ID_PRECISION_LOST",
        lambda entry: Lost(float(number_of(entry)[:17] + number_of(entry)[17].replace("X", "0"))),
    ),
}
NAME_TRAPS = {
    "wide space in the name": odd("name", lambda entry: f"{entry.record['name'][0]}\u3000{entry.record['name'][1:]}"),
    "spaces around the name": odd("name", lambda entry: f" {entry.record['name']}\u00a0"),
    "no name": wrong("name", "NAME_EMPTY", lambda entry: None),
    "formula in the name": wrong("name", "NAME_INVALID", lambda entry: "=1+1"),
    "error in the name": wrong("name", "CELL_ERROR", lambda entry: "#REF!"),
    "formula without a result": wrong("name", "FORMULA_NO_VALUE", lambda entry: Formula(None), in_formulas=True),
    "formula with its result": odd("name", lambda entry: Formula(entry.record["name"])),
}
TRAPS = {
    **NUMBER_TRAPS,
    **NAME_TRAPS,
    **place_traps(),
    "no number": wrong("id_number sex birth joined", "ID_EMPTY", lambda entry: None),
    "other sex": odd(
        "sex id_number", lambda entry: "男" if entry.record["sex"] == "女" else "女", code="ID_SEX_MISMATCH"
    ),
    "sex by code": odd("sex", lambda entry: {"男": "1", "女": "2"}[entry.record["sex"]]),
    "other birth": odd("birth id_number", lambda entry: "1949-10-01", code="ID_BIRTH_MISMATCH"),
    "strange people": odd("ethnicity", lambda entry: "火星族", "", code="ENUM_UNKNOWN"),
    "strange schooling": odd("education", lambda entry: "看报", "", code="ENUM_UNKNOWN"),
    "strange phone": odd("phone", lambda entry: "见附件", "", code="ENUM_UNKNOWN"),
    "no phone": odd("phone", lambda entry: "无", ""),
    "phone from abroad": _phone("+86-15400000009", "+86-15400000009"),
    "two phones": _phone("15400000001 / 15400000002", "15400000001、15400000002"),
    "phone in a number cell": _phone(15400000003, "15400000003"),
    "no remark": odd("remark", lambda entry: "——", ""),
    "not a member": wrong("kind formal_on", "KIND_INCONSISTENT", lambda entry: "入党积极分子"),
    "joined in a month": trap("joined", _joined_month),
    "joined in a year": trap("joined", _joined_year),
    "no day": wrong("joined", "DATE_NOT_EXIST", lambda entry: "2019-02-30"),
    "two digits of a year": wrong("joined", "DATE_AMBIGUOUS", lambda entry: "05.7.1"),
    "no date": wrong("joined", "DATE_UNPARSABLE", lambda entry: "建党节"),
    "future": trap("joined formal_on kind", _future),
    "formal before joining": trap("formal_on joined kind", _order),
    "under age": trap("joined id_number formal_on birth", _under_age),
    "no formal day": trap("formal_on kind", _no_formal_day),
    "formal and probationary": trap("kind formal_on", _full_of_today),
}


class Mix:
    """The people of one file. `before` {number: (branch, what the books say)}."""

    def __init__(self, chance: random.Random):
        self.chance = chance
        self.people = iter(crowd(chance, 60))
        self.before: dict[str, tuple[str, dict[str, str]]] = {}

    def columns(self, found: list[str], title: str) -> list[str]:
        """All columns may stand beside each other."""
        return found

    def entries(self, columns: Sequence[str], count: int, places: Sequence[str]) -> list[Entry]:
        """So many rows; some people are on the books already, here or in another branch."""
        made = [self._entry(next(self.people), self.chance.choice(places)) for _ in range(count)]
        for entry in made:
            if self.chance.random() < 0.2:
                self._know(entry)
        return made

    def _entry(self, person: Person, place: str) -> Entry:
        chance = self.chance
        kind = chance.choice(list(KINDS))
        is_full = KINDS[kind] == "正式党员"
        joined = datetime.date(2020, 7, 1) if is_full else datetime.date(2026, 1 + chance.randrange(6), 5)
        formal = datetime.date(2021, 7, 1) if is_full else None
        education, ethnicity = chance.choice(list(EDUCATION)), chance.choice(list(ETHNICITY))
        cells = {
            PLACE: place,
            "name": person.name,
            "sex": person.sex,
            "ethnicity": ethnicity,
            "birth": spelled(person.birth, chance),
            "id_number": person.number,
            "education": education,
            "kind": kind,
            "joined": spelled(joined, chance),
            "formal_on": spelled(formal, chance) if formal else None,
            "work_unit": chance.choice(["虚构区图书馆", "云岭虚构制造有限公司", "退休", None]),
            "phone": f"154{chance.randrange(10**8):08d}",
            "remark": chance.choice([None, None, "退役军人"]),
        }
        meant = {
            "sex": person.sex,
            "ethnicity": ETHNICITY[ethnicity],
            "birth": person.birth.isoformat(),
            "education": EDUCATION[education],
            "kind": KINDS[kind],
            "joined": joined.isoformat(),
            "formal_on": formal.isoformat() if formal else "",
        }
        record = {name: value for name, value in {**cells, **meant}.items() if value}
        return Entry(cells, record)

    def _know(self, entry: Entry) -> None:
        """Put somebody onto the books: as the row says, with other particulars, or in another branch."""
        facts = {name: entry.record[name] for name in FACTS if name in entry.record}
        if self.chance.random() < 0.5:
            facts |= {"phone": "15499999999", "education": "小学", "remark": "原备注"}
        place = entry.record[PLACE]
        if self.chance.random() < 0.25:
            place = self.chance.choice([other for other in BRANCHES if other != place])
        self.before[number_of(entry)] = place, facts

    def disturb(self, entries: list[Entry]) -> None:
        """Add a row with the number of an earlier one: the first is good."""
        first = self.chance.choice(entries)
        if first.touched & {"id_number", "name", PLACE}:
            return
        entries.append(first.again("ID_DUP_IN_FILE"))

    def finish(self, entries: Sequence[Entry], columns: Sequence[str]) -> None:
        """What a row comes to in this sheet: cells of columns that are not there say nothing."""
        for entry in entries:
            drop_absent(entry, columns, "sex", "birth")
            if not entry.is_good or number_of(entry) not in self.before:
                continue
            place, facts = self.before[number_of(entry)]
            stated = {name: entry.record[name] for name in FACTS if name in entry.record}
            if place != entry.record[PLACE] and not self._is_called(entry, place):
                entry.step = "transfer"
            else:
                entry.step = "unchanged" if {**facts, **stated} == facts else "changed"

    @staticmethod
    def _is_called(entry: Entry, place: str) -> bool:
        return entry.record[PLACE].removeprefix("中共") == place

    def build(self, branches: dict[str, Organization]) -> None:
        """The people who are on the books before."""
        for number, (place, facts) in self.before.items():
            person = factories.MemberFactory.build(
                name=facts["name"],
                sex=Sex.from_label(facts["sex"]),
                ethnicity=facts.get("ethnicity", ""),
                birth=datetime.date.fromisoformat(facts["birth"]),
                education=facts.get("education", ""),
                kind=MemberKind.from_label(facts["kind"]),
                joined_on=datetime.date.fromisoformat(facts["joined"]),
                formal_on=datetime.date.fromisoformat(facts["formal_on"]) if "formal_on" in facts else None,
                work_unit=facts.get("work_unit", ""),
                remark=facts.get("remark", ""),
            )
            person.set_id_number(number)
            person.set_phone(facts.get("phone", ""))
            person.save()
            factories.AffiliationFactory(member=person, organization=branches[place])

    def expected(self, entries: Sequence[Entry]) -> list[tuple]:
        """What the books must hold once the good rows are written."""
        people = {number: (place, dict(facts)) for number, (place, facts) in self.before.items()}
        for entry in entries:
            if not entry.is_good or entry.step == "transfer":
                continue
            stated = {name: entry.record[name] for name in FACTS if name in entry.record}
            place, facts = people.get(
                number_of(entry), (entry.record[PLACE].removeprefix("中共"), {"kind": "正式党员"})
            )
            people[number_of(entry)] = place, facts | stated
        return sorted(
            (number, place, *(facts.get(name, "") for name in FACTS)) for number, (place, facts) in people.items()
        )

    @staticmethod
    def written() -> list[tuple]:
        """What the books hold."""
        found = []
        for stay in Affiliation.objects.select_related("member", "organization"):
            member = stay.member
            found.append(
                (
                    member.reveal_id_number(),
                    stay.organization.name,
                    member.name,
                    Sex(member.sex).label,
                    member.ethnicity,
                    as_stated(member.birth, member.birth_precision),
                    member.education,
                    MemberKind(member.kind).label,
                    as_stated(member.joined_on, member.joined_on_precision),
                    as_stated(member.formal_on, member.formal_on_precision),
                    member.work_unit,
                    member.reveal_phone(),
                    member.remark,
                )
            )
        assert len(found) == Member.objects.count()
        return sorted(found)
