"""Mixed ledgers of floating members: those out of three branches, by name or number, and those who came in."""

import datetime
import random
from collections.abc import Sequence

from members.models import Affiliation, Guest, Standing
from orgs.enums import AffiliationKind, Sex, StandingKind
from orgs.models import Organization
from tests import factories
from tests.zoo.mixing.branches import place_traps
from tests.zoo.mixing.entries import Entry, drop_absent, odd, spelled, trap, wrong
from tests.zoo.mixing.layout import PLACE, Shape
from tests.zoo.mixing.members import NAME_TRAPS, NUMBER_TRAPS
from tests.zoo.mixing.people import Person, crowd, on_the_books

SHAPE = Shape(
    "流动党员台账",
    {
        "direction": ["方向", "流动方向", "流出/流入"],
        PLACE: ["所在党支部", "所属党支部"],
        "name": ["姓名", "党员姓名"],
        "sex": ["性别"],
        "id_number": ["公民身份号码", "身份证号"],
        "occupation": ["原职业", "职业"],
        "destination": ["外出流向", "流出地"],
        "out_on": ["流动日期", "流动时间"],
        "province": ["省份"],
        "reason": ["流动原因", "外出原因"],
        "certificate": ["是否持有《流动党员活动证》", "活动证"],
        "contact": ["联系方式", "现联系方式"],
        "place_of_affiliation": ["组织关系所在地"],
        "remark": ["备注"],
    },
    {"out_on": ("流动", "时间"), "reason": ("流动", "原因")},
)
# What two sheets of one file may be called.
TWO_SHEETS = ("流出", "流入")
NEEDED = ("direction", PLACE, "name", "id_number", "destination", "out_on", "reason", "place_of_affiliation")
FACTS = ("occupation", "province", "reason", "certificate", "contact", "remark")


KEPT = ("destination", "place_of_affiliation", *FACTS)


def _since(record: dict[str, str]) -> dict[str, str]:
    """From when: of a month or year its first day."""
    return {"since": (record["out_on"] + "-01-01")[:10] if len(record["out_on"]) < 10 else record["out_on"]}


def _columns(facts: dict[str, str]) -> dict[str, object]:
    """What is known of a registration as columns of the books."""
    certificate = {"是": True, "否": False}.get(facts.get("certificate"))
    names = {"occupation": "occupation", "province": "province", "reason": "floating_reason", "remark": "remark"}
    return {column: facts.get(name, "") for name, column in names.items()} | {"has_certificate": certificate}


def is_out(entry: Entry) -> bool:
    """Whether a row is about somebody who went away."""
    return entry.record["direction"] == "流出"


def _month(entry: Entry, chance: random.Random) -> None:
    entry.write(out_on=chance.choice(["2025.03", "2025年3月", "202503"]))
    entry.mean(out_on="2025-03")
    entry.warnings.add("DATE_MONTH_ONLY")


def _year(entry: Entry, chance: random.Random) -> None:
    entry.write(out_on="2025年")
    entry.mean(out_on="2025")
    entry.warnings.add("DATE_YEAR_ONLY_MEMBER")


def _future(entry: Entry, chance: random.Random) -> None:
    entry.write(out_on="2031-07-01")
    entry.errors.add("DATE_FUTURE")


def _nowhere(entry: Entry, chance: random.Random) -> None:
    """Out, and nothing says where."""
    if is_out(entry):
        entry.write(destination=None, province=None, reason="无")
        entry.errors.add("ENUM_UNKNOWN")


def _no_direction(entry: Entry, chance: random.Random) -> None:
    entry.write(direction="—")
    entry.errors.add("ENUM_UNKNOWN")


def _strange_direction(entry: Entry, chance: random.Random) -> None:
    entry.write(direction="东南")
    entry.errors.add("ENUM_UNKNOWN")


def _stranger(entry: Entry, chance: random.Random) -> None:
    """Out of a branch that does not know the name."""
    if is_out(entry):
        entry.write(name="陌生人甲", id_number=None, sex=None)
        entry.errors.add("COMMITTEE_PERSON_UNKNOWN")


TRAPS = {
    "remark too long": odd("remark", lambda entry: "长" * 201, "", "ENUM_UNKNOWN"),
    **{name: each for name, each in NUMBER_TRAPS.items() if not each.fields > {"id_number"}},
    "short number": wrong("id_number name sex", "ID_LENGTH", lambda entry: entry.record["id_number"][:17]),
    **{name: each._replace(fields=each.fields | {"id_number"}) for name, each in NAME_TRAPS.items()},
    **place_traps(),
    "month": trap("out_on", _month),
    "year": trap("out_on", _year),
    "future": trap("out_on", _future),
    "no day": wrong("out_on", "DATE_NOT_EXIST", lambda entry: "2025-02-30"),
    "nowhere": trap("destination reason direction", _nowhere),
    "no direction": trap("direction destination reason", _no_direction),
    "strange direction": trap("direction destination reason", _strange_direction),
    "stranger": trap(f"name id_number direction {PLACE}", _stranger),
    "other sex": odd(
        "sex id_number", lambda entry: {"男": "女", "女": "男"}[entry.record["sex"]], code="ID_SEX_MISMATCH"
    ),
    "no certificate known": odd("certificate", lambda entry: "补办中", "", "ENUM_UNKNOWN"),
    "no contact": odd("contact", lambda entry: "暂无", ""),
    "strange contact": odd("contact", lambda entry: "问家属", "", "ENUM_UNKNOWN"),
}


class Mix:
    """The people of one file: those out are members of the branches, those in are on no books."""

    def __init__(self, chance: random.Random):
        self.chance = chance
        self.people = iter(crowd(chance, 60))
        self.members: list[tuple[Person, str]] = []
        self.only = ""
        # Who is registered before: {name: (branch, is out, number, what the books say)}.
        self.before: dict[str, tuple[str, bool, str, dict[str, str]]] = {}

    def columns(self, found: list[str], title: str) -> list[str]:
        """A sheet called 流出 or 流入 needs no column for it."""
        self.only = title if title in TWO_SHEETS else ""
        return [name for name in found if name != "direction"] if self.only else found

    def entries(self, columns: Sequence[str], count: int, places: Sequence[str]) -> list[Entry]:
        """So many people, each of one branch."""
        return [self._entry(next(self.people), self.chance.choice(places)) for _ in range(count)]

    def _entry(self, person: Person, place: str) -> Entry:
        chance = self.chance
        out = chance.random() < 0.6 if not self.only else self.only == "流出"
        if out:
            self.members.append((person, place))
        day = datetime.date(2025, 1 + chance.randrange(12), 1 + chance.randrange(28))
        certificate = chance.choice(["是", "√", "否", "×", None])
        number = person.number if not out or chance.random() < 0.6 else None
        cells = {
            "direction": chance.choice(["流出", "外出"] if out else ["流入", "外来"]),
            PLACE: place,
            "name": person.name,
            "sex": person.sex,
            "id_number": number,
            "occupation": chance.choice(["工人", "教师", None]),
            "destination": "虚构省虚构市" if out else None,
            "out_on": spelled(day, chance),
            "province": chance.choice(["虚构省", None]),
            "reason": chance.choice(["务工", "随迁"]),
            "certificate": certificate,
            "contact": chance.choice([f"154{chance.randrange(10**8):08d}", None]),
            "place_of_affiliation": None if out else "虚构省虚构县虚构村党支部",
            "remark": chance.choice(["每月联系", None]),
        }
        record = {name: str(value) for name, value in cells.items() if value}
        record |= {"direction": "流出" if out else "流入", "out_on": day.isoformat()}
        record |= {"certificate": "是" if certificate in ("是", "√") else "否"} if certificate else {}
        record |= {"birth": person.birth.isoformat()} if number else {}
        return Entry(cells, record)

    def disturb(self, entries: list[Entry]) -> None:
        """The same row once more: the first is good."""
        free = [entry for entry in entries if not entry.touched]
        if free:
            entries.append(self.chance.choice(free).again("ID_DUP_IN_FILE"))

    def finish(self, entries: Sequence[Entry], columns: Sequence[str]) -> None:
        """What a row comes to in this sheet."""
        for entry in entries:
            drop_absent(entry, columns, "birth", "direction", *(("sex",) if entry.cells.get("id_number") else ()))
            if not entry.touched & {"name", "id_number", "direction", PLACE} and self.chance.random() < 0.25:
                self._register(entry)

    def _register(self, entry: Entry) -> None:
        """Let somebody be registered already: as the row says, or with other particulars."""
        record = entry.record
        stated = {name: record[name] for name in KEPT if name in record}
        facts = dict(stated)
        if self.chance.random() < 0.6:
            facts |= {"occupation": "农民", "province": "原省", "reason": "经商", "certificate": "否"}
        self.before[record["name"]] = record[PLACE], is_out(entry), record.get("id_number", ""), facts | _since(record)
        if entry.is_good:
            entry.step = "unchanged" if {**facts, **stated} == facts else "changed"

    def build(self, branches: dict[str, Organization]) -> None:
        """The members who are on the books before."""
        for person, place in self.members:
            made = on_the_books(person, branches[place])
            if person.name in self.before:
                _, _, _, facts = self.before[person.name]
                away = factories.StandingFactory.build(member=made, kind=StandingKind.FLOATING, **_columns(facts))
                away.destination, away.since = facts.get("destination", ""), facts["since"]
                away.set_contact(facts.get("contact", ""))
                away.save()
        for name, (place, out, number, facts) in self.before.items():
            if not out:
                self._host(Person(name, number), branches[place], facts)

    @staticmethod
    def _host(person: Person, branch: Organization, facts: dict[str, str]) -> None:
        member = factories.MemberFactory.build(
            name=person.name, sex=Sex.from_label(person.sex), birth=person.birth, joined_on=None, formal_on=None
        )
        member.set_id_number(person.number)
        member.save()
        stay = factories.AffiliationFactory(
            member=member, organization=branch, kind=AffiliationKind.INCOMING, since=facts["since"]
        )
        guest = factories.GuestFactory.build(affiliation=stay, **_columns(facts))
        guest.place_of_affiliation = facts.get("place_of_affiliation", "")
        guest.set_contact(facts.get("contact", ""))
        guest.save()

    def expected(self, entries: Sequence[Entry]) -> tuple[list, list]:
        """Who is out and who is in once the good rows are written."""
        found = dict(self.before)
        for entry in entries:
            if entry.is_good:
                record = entry.record
                known = found.get(record["name"], ("", False, "", {}))[-1]
                stated = {name: record[name] for name in KEPT if name in record} | _since(record)
                number = record.get("id_number", "")
                found[record["name"]] = record[PLACE].removeprefix("中共"), is_out(entry), number, known | stated
        out, come = [], []
        for name, (place, is_away, number, facts) in found.items():
            head, rest = (place, name, facts["since"]), tuple(facts.get(column, "") for column in FACTS)
            if is_away:
                out.append((*head, facts.get("destination", ""), *rest))
            else:
                sex = Person(name, number).sex
                come.append((*head, number, sex, facts.get("place_of_affiliation", ""), *rest))
        return sorted(out), sorted(come)

    @staticmethod
    def written() -> tuple[list, list]:
        """What the books hold."""
        homes = dict(Affiliation.objects.regular().values_list("member_id", "organization__name"))
        out = [
            (homes[each.member_id], each.member.name, str(each.since), each.destination, *_facts(each))
            for each in Standing.objects.filter(kind=StandingKind.FLOATING).select_related("member")
        ]
        come = []
        for guest in Guest.objects.select_related("affiliation__member", "affiliation__organization"):
            stay = guest.affiliation
            assert stay.kind == AffiliationKind.INCOMING
            come.append(
                (
                    stay.organization.name,
                    stay.member.name,
                    str(stay.since),
                    stay.member.reveal_id_number(),
                    "男" if stay.member.sex == "male" else "女",
                    guest.place_of_affiliation,
                    *_facts(guest),
                )
            )
        return sorted(out), sorted(come)


def _facts(record: Standing | Guest) -> tuple[str, ...]:
    certificate = {True: "是", False: "否", None: ""}[record.has_certificate]
    return (
        record.occupation, record.province, record.floating_reason, certificate, record.reveal_contact(), record.remark
    )  # fmt: skip
