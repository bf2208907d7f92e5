"""Mixed ledgers of organizations: a new tree under the street, and branches that are on the books already."""

import datetime
import random
from collections.abc import Sequence

from dateutil.relativedelta import relativedelta

from elections.models import Post, Term
from members.models import DeclaredCount
from orgs.enums import Kind, UnitType
from orgs.models import Organization
from tests.zoo.mixing.branches import BRANCHES, STREET
from tests.zoo.mixing.entries import Entry, as_stated, drop_absent, month_of, odd, spelled, trap, wrong
from tests.zoo.mixing.layout import PLACE, Shape

# TERM-01, TERM-04: since 2018-07-12 every committee of a community sits five years.
YEARS = 5
SHAPE = Shape(
    "党组织台账",
    {
        "org_code": ["党组织编码", "党组织代码", "党组织唯一标识"],
        PLACE: ["党组织名称", "党组织全称", "名称"],
        "org_short": ["党组织简称", "简称"],
        "parent_code": ["上级党组织编码", "上一级党组织唯一标识", "所属分党委编码"],
        "parent_name": ["上级党组织名称", "上级党组织", "所属分党委"],
        "kind": ["组织类别", "党组织类型", "类型"],
        "unit": ["所在单位类别", "所在单位属性"],
        "founded": ["成立日期", "成立时间"],
        "term_no": ["届次"],
        "elected": ["换届日期", "实际换届时间"],
        "term_years": ["任期(年)", "任期"],
        "expires": ["届满日期", "应换届时间"],
        "secretary": ["书记", "党组织书记"],
        "formal": ["正式党员数", "正式党员人数"],
        "probationary": ["预备党员数"],
        "contact": ["联系人"],
        "phone": ["联系电话"],
        "remark": ["备注"],
    },
    numeric=frozenset({"formal", "probationary"}),
    may_leave_place=False,
    names_itself=True,
)
# What two sheets of one file may be called.
TWO_SHEETS = ()
NEEDED = ("org_code", PLACE, "parent_code", "parent_name", "kind", "unit", "elected", "founded")
BY_CODE, BY_NAME = ("parent_name",), ("org_code", "parent_code")
KINDS = {"党委": ["党委", "基层党委"], "党总支": ["党总支", "总支"], "党支部": ["党支部", "支部"]}
COLUMNS = ("org_code", PLACE, "org_short", "parent", "kind", "unit", "founded", "contact", "phone", "remark")
BIRDS = "甲乙丙丁戊己庚辛"


def _day(entry: Entry, name: str) -> datetime.date:
    return datetime.date.fromisoformat(entry.record[name])


def _founded_month(entry: Entry, chance: random.Random) -> None:
    entry.write(founded=chance.choice(["1969.01", 1969.01, "1969年1月", "196901"]))
    entry.mean(founded="1969-01")
    entry.warnings.add("DATE_MONTH_ONLY")


def _founded_year(entry: Entry, chance: random.Random) -> None:
    entry.write(founded="1969年")
    entry.mean(founded="1969")
    entry.warnings.add("DATE_YEAR_ONLY_MEMBER")


def _elected_month(entry: Entry, chance: random.Random) -> None:
    day = _day(entry, "elected")
    entry.write(elected=month_of(day, chance), expires=None)
    entry.mean(elected=f"{day:%Y-%m}", expires="")
    entry.warnings.add("DATE_MONTH_ONLY")


def _not_elected(entry: Entry, chance: random.Random) -> None:
    entry.write(elected=chance.choice([None, "无"]), expires=None)
    entry.mean(elected="", expires="")
    entry.then_warnings.add("TERM_MISSING")


def _future(entry: Entry, chance: random.Random) -> None:
    entry.write(elected="2031-03-05", expires=None)
    entry.errors.add("DATE_FUTURE")


def _expired_before(entry: Entry, chance: random.Random) -> None:
    entry.write(expires=f"{_day(entry, 'elected') - relativedelta(days=1):%Y-%m-%d}")
    entry.errors.add("TERM_ORDER")


def _other_expiry(entry: Entry, chance: random.Random) -> None:
    day = _day(entry, "expires") + relativedelta(years=1)
    entry.write(expires=day.isoformat())
    entry.mean(expires=day.isoformat())
    entry.then_warnings.add("TERM_MISMATCH")


def _other_length(entry: Entry, chance: random.Random) -> None:
    entry.write(term_years="3年")
    entry.mean(term_years="3")
    entry.then_warnings.add("TERM_MISMATCH")


def _no_unit(entry: Entry, chance: random.Random) -> None:
    """The name says 社区."""
    if entry.step == "new":
        entry.write(unit=chance.choice([None, "—"]))
        entry.warnings.add("ENUM_UNKNOWN")


def _numbers(written: object, means: str, code: str = ""):
    return odd("formal", lambda entry: written, means, code)


TRAPS = {
    "remark too long": odd("remark", lambda entry: "长" * 201, "", "ENUM_UNKNOWN"),
    "spaces in the name": odd(PLACE, lambda entry: f" {entry.record[PLACE][:3]} {entry.record[PLACE][3:]}"),
    "space before the code": odd("org_code", lambda entry: f" {entry.record['org_code']}"),
    "founded in a month": trap("founded elected", _founded_month),
    "founded in a year": trap("founded elected", _founded_year),
    "founded after the election": wrong("elected founded expires", "DATE_ORDER", lambda entry: "1958-03-01"),
    "founded on no day": wrong("founded", "DATE_NOT_EXIST", lambda entry: "1969-02-30"),
    "founded in 1 or 10": wrong("founded", "DATE_AMBIGUOUS", lambda entry: 1969.1, in_formulas=True),
    "elected in a month": trap("elected expires", _elected_month),
    "never elected": trap("elected expires", _not_elected),
    "elected in the future": trap("elected expires", _future),
    "expired before it was elected": trap("expires elected", _expired_before),
    "other expiry": trap("expires elected", _other_expiry),
    "other length": trap("term_years elected expires", _other_length),
    "years too many": wrong("term_years elected expires", "TERM_YEARS_BAD", lambda entry: "五十年"),
    "unknown kind": wrong("kind", "ORG_KIND_UNKNOWN", lambda entry: "领导小组"),
    "no unit": trap("unit", _no_unit),
    "no secretary": odd("secretary", lambda entry: "空缺", ""),
    "formula for a secretary": wrong("secretary", "NAME_INVALID", lambda entry: "@李明"),
    "number with a word": _numbers("12人", "12"),
    "number in words": _numbers("三十二", "32"),
    "no number": _numbers("很多", "", "ENUM_UNKNOWN"),
    "strange phone": odd("phone", lambda entry: "找书记", "", "ENUM_UNKNOWN"),
    "error": wrong("remark", "CELL_ERROR", lambda entry: "#VALUE!"),
}


class Mix:
    """The organizations of one file; `parents` {name: name of the one above}."""

    def __init__(self, chance: random.Random):
        self.chance = chance
        self.by_code = chance.random() < 0.6
        self.parents: dict[str, str] = dict.fromkeys(BRANCHES, STREET)
        self.codes = {STREET: "YL01", **BRANCHES}

    def columns(self, found: list[str], title: str) -> list[str]:
        """The tree stands in codes, with or without names beside them, or in names alone."""
        left_out = (BY_CODE if self.chance.random() < 0.5 else ()) if self.by_code else BY_NAME
        return [name for name in found if name not in left_out]

    def entries(self, columns: Sequence[str], count: int, places: Sequence[str]) -> list[Entry]:
        """So many organizations, in any order."""
        kinds = {STREET: "党工委"}
        made = []
        for number in range(count):
            above = self.chance.choice([name for name in kinds if kinds[name] != "党支部"])
            kind = self.chance.choice({"党工委": ["党委", "党总支", "党支部"], "党委": ["党总支", "党支部"]}.get(
                kinds[above], ["党支部"]
            ))  # fmt: skip
            name = f"虚构{BIRDS[number % 8]}{BIRDS[number // 8]}社区{kind}"
            kinds[name] = kind
            self.parents[name], self.codes[name] = above, f"YL01{number + 20:02d}"
            made.append(self._entry(name, kind, "new"))
        for name in self.chance.sample(sorted(BRANCHES), self.chance.randrange(3)):
            made.append(self._entry(name, "党支部", "changed"))
        self.chance.shuffle(made)
        return made

    def _entry(self, name: str, kind: str, step: str) -> Entry:
        chance = self.chance
        founded = datetime.date(chance.randrange(1960, 2010), 1 + chance.randrange(12), 1 + chance.randrange(28))
        elected = datetime.date(chance.randrange(2019, 2025), 1 + chance.randrange(12), 1 + chance.randrange(28))
        expires = elected + relativedelta(years=YEARS)
        above = self.parents[name]
        cells = {
            "org_code": self.codes[name],
            PLACE: name,
            "org_short": chance.choice([None, f"{name[2:]}"]),
            "parent_code": self.codes[above],
            "parent_name": above,
            "kind": chance.choice(KINDS[kind]),
            "unit": chance.choice(["社区", "城市社区", "居委会"]),
            "founded": spelled(founded, chance),
            "term_no": chance.choice(["3", "第三届", 3]),
            "elected": spelled(elected, chance),
            "term_years": chance.choice(["5", "5年", "五年"]),
            "expires": spelled(expires, chance),
            "secretary": chance.choice(["李明", "赵 芳", "买买提·艾力"]),
            "formal": chance.choice(["12", 12, None]),
            "probationary": chance.choice(["2", 0, None]),
            "contact": chance.choice(["周强", None]),
            "phone": chance.choice(["0100-1234567", "15400000001", None]),
            "remark": chance.choice(["网格党支部", None]),
        }
        meant = {
            "kind": kind,
            "unit": "社区",
            "founded": founded,
            "term_no": 3,
            "elected": elected,
            "term_years": YEARS,
            "expires": expires,
            "secretary": cells["secretary"].replace(" ", ""),
        }
        record = {name: str(value) for name, value in (cells | meant).items() if value is not None}
        return Entry(cells, record, step=step)

    def disturb(self, entries: list[Entry]) -> None:
        """Mistakes of the tree, among organizations below which none stands and that have no other trap."""
        parents = set(self.parents.values())
        free = [entry for entry in entries if entry.record[PLACE] not in parents and not entry.touched]
        for mistake in self.chance.sample(
            [self._lost, self._own, self._circle, self._again, self._top, self._upside], 2
        ):
            if len(free) >= 2:
                mistake(free, entries)

    def _taken(self, free: list[Entry]) -> Entry:
        entry = free.pop(self.chance.randrange(len(free)))
        entry.touched |= set(entry.cells)
        return entry

    def _lost(self, free: list[Entry], entries: list[Entry]) -> None:
        entry = self._taken(free)
        entry.write(parent_code="YL99", parent_name="虚构乡党委")
        entry.errors.add("ORG_PARENT_MISSING")

    def _own(self, free: list[Entry], entries: list[Entry]) -> None:
        entry = self._taken(free)
        entry.write(parent_code=entry.record["org_code"], parent_name=entry.record[PLACE])
        entry.errors.add("ORG_SELF_PARENT")

    def _circle(self, free: list[Entry], entries: list[Entry]) -> None:
        # By name alone one on the books is found only where its parent agrees, and else is a second of its name.
        new = [entry for entry in free if entry.step == "new"][:2]
        for entry, above in zip(new, reversed(new), strict=True):
            if len(new) == 2:
                free.remove(entry)
                entry.touched |= set(entry.cells)
                entry.write(parent_code=above.record["org_code"], parent_name=above.record[PLACE])
                entry.errors.add("ORG_CYCLE")

    def _again(self, free: list[Entry], entries: list[Entry]) -> None:
        """The same row twice: the first is good."""
        entry = self._taken(free)
        entries.append(entry.again("ORG_CODE_DUP" if self.by_code else "ORG_NAME_DUP"))

    def _top(self, free: list[Entry], entries: list[Entry]) -> None:
        """Two new ones without a parent: the first stands under the street."""
        new = [entry for entry in free if entry.step == "new"][:2]
        new.sort(key=entries.index)
        for number, entry in enumerate(new):
            free.remove(entry)
            entry.touched |= set(entry.cells)
            entry.write(parent_code=None, parent_name=None)
            entry.mean(parent_code="", parent_name="")
            self.parents[entry.record[PLACE]] = STREET
            if number:
                entry.errors.add("ORG_MULTI_ROOT")

    def _upside(self, free: list[Entry], entries: list[Entry]) -> None:
        """A committee under a general branch."""
        for entry in free:
            if self.parents[entry.record[PLACE]].endswith("党总支"):
                free.remove(entry)
                entry.touched |= set(entry.cells)
                entry.write(kind="党委")
                entry.then_errors.add("ORG_LEVEL_INVERSION")
                return

    def finish(self, entries: Sequence[Entry], columns: Sequence[str]) -> None:
        """What a row comes to in this sheet; whoever stands under a new one in error waits for it."""
        by_name = {entry.record[PLACE]: entry for entry in reversed(entries)}
        for entry in entries:
            drop_absent(entry, columns)
        for entry in sorted(entries, key=lambda entry: self._depth(entry.record[PLACE])):
            above = by_name.get(self.parents[entry.record[PLACE]])
            tree = {"ORG_CYCLE", "ORG_SELF_PARENT", "ORG_PARENT_MISSING"}
            if above and above.step == "new" and not above.is_good and not (entry.errors & tree):
                if not entry.then_errors:
                    entry.then_errors.add("ORG_PARENT_BAD")

    def _depth(self, name: str) -> int:
        return 0 if name == STREET else 1 + self._depth(self.parents[name])

    def build(self, branches: dict[str, Organization]) -> None:
        """Nothing beside the branches."""

    def expected(self, entries: Sequence[Entry]) -> tuple[list, list, list, list]:
        """Organizations, terms, declared numbers and secretaries once the good rows are written."""
        found = {
            name: {"org_code": code, PLACE: name, "parent": STREET, "kind": "党支部", "unit": "社区"}
            for name, code in BRANCHES.items()
        }
        terms, declared, secretaries = [], [], []
        for entry in entries:
            if not entry.is_good:
                continue
            record, name = entry.record, entry.record[PLACE]
            stated = {column: record[column] for column in COLUMNS if column in record}
            found[name] = {"parent": self.parents[name], **found.get(name, {}), **stated}
            if "elected" in record:
                terms.append((name, *_term(record)))
            if "formal" in record:
                declared.append((name, int(record["formal"]), int(record.get("probationary", 0))))
            if "secretary" in record:
                secretaries.append((name, record["secretary"]))
        organizations = [tuple(facts.get(column, "") for column in COLUMNS) for facts in found.values()]
        return sorted(organizations), sorted(terms), sorted(declared), sorted(secretaries)

    @staticmethod
    def written() -> tuple[list, list, list, list]:
        """What the books hold below the street."""
        organizations = [
            (
                each.code,
                each.name,
                each.short_name,
                each.parent.name,
                Kind(each.kind).label,
                UnitType(each.unit_type).label,
                as_stated(each.founded_on, each.founded_on_precision),
                each.contact_name,
                each.contact_phone,
                each.remark,
            )
            for each in Organization.objects.select_related("parent").filter(parent__parent__isnull=False)
        ]
        terms = [
            (
                term.organization.name,
                str(term.ordinal or ""),
                as_stated(term.elected_on, term.elected_on_precision),
                term.years,
                as_stated(term.expires_on, term.expires_on_precision),
                str(term.stated_expires_on or ""),
                str(term.stated_years or ""),
            )
            for term in Term.objects.select_related("organization")
        ]
        declared = [
            (count.organization.name, count.full, count.probationary)
            for count in DeclaredCount.objects.select_related("organization")
        ]
        posts = Post.objects.filter(title="secretary", until__isnull=True)
        secretaries = list(posts.values_list("organization__name", "holder_name"))
        return sorted(organizations), sorted(terms), sorted(declared), sorted(secretaries)


def _term(record: dict[str, str]) -> tuple:
    month = len(record["elected"]) == 7
    day = datetime.date.fromisoformat(record["elected"] + ("-01" if month else ""))
    computed = str(day + relativedelta(years=YEARS))[: 7 if month else 10]
    stated = record.get("expires", computed)
    years = record.get("term_years", str(YEARS))
    return (
        record.get("term_no", ""),
        record["elected"],
        YEARS,
        computed,
        stated if stated != computed else "",
        years if years != str(YEARS) else "",
    )
