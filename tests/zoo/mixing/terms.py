"""Mixed ledgers of terms: several terms of each of three community branches, the last ones with an extension."""

import datetime
import random
from collections.abc import Sequence

from dateutil.relativedelta import relativedelta

from elections.models import Extension, Term
from orgs.enums import ApprovalLevel
from orgs.models import Organization
from tests import factories
from tests.zoo.mixing.branches import place_traps
from tests.zoo.mixing.entries import Entry, as_stated, drop_absent, month_of, odd, spelled, trap, wrong
from tests.zoo.mixing.layout import PLACE, Shape

# TERM-04: branches of villages and communities sit five years since 2018-07-12, three before.
YEARS = {2007: 3, 2010: 3, 2013: 3, 2016: 3, 2021: 5}
SHAPE = Shape(
    "换届台账",
    {
        PLACE: ["党组织名称", "党支部名称", "班子名称", "党组织全称"],
        "term_no": ["届次", "班子届次"],
        "elected": ["换届日期", "上届换届时间", "任命时间", "实际换届时间"],
        "term_years": ["任期(年)", "本届任期", "任期"],
        "expires": ["届满日期", "任期届满时间", "应换届时间"],
        "term_document_no": ["换届批复文号", "换届文号"],
        "extension_until": ["延期至", "批准延期至"],
        "extension_approved": ["是否批准延期"],
        "extension_approved_on": ["延期批复日期"],
        "extension_document_no": ["延期批复文号", "批准文号"],
        "early_approved_on": ["提前换届批复日期"],
        "early_document_no": ["提前换届批复文号"],
        "planned_on": ["计划换届时间", "拟完成时间"],
        "reason": ["未换届原因", "延期理由"],
    },
    {"extension_until": ("延期", "截止日期"), "extension_approved_on": ("延期", "批复日期")},
    may_leave_place=False,
)
# What two sheets of one file may be called.
TWO_SHEETS = ()
NEEDED = (PLACE, "term_no", "elected", "extension_until", "extension_approved_on", "extension_document_no")


ON_TERM = ("term_no", "elected", "term_years", "expires", "term_document_no")
KNOWN = (PLACE, *ON_TERM, "early_approved_on", "early_document_no", "planned_on", "reason")


def years_of(entry: Entry) -> int:
    """How long the term of a row lasts by law."""
    return YEARS[int(entry.record["elected"][:4])]


def _day(entry: Entry, name: str) -> datetime.date:
    return datetime.date.fromisoformat(entry.record[name])


def _elected_month(entry: Entry, chance: random.Random) -> None:
    day = _day(entry, "elected")
    entry.write(elected=month_of(day, chance), expires=None)
    entry.mean(elected=f"{day:%Y-%m}", expires="")
    entry.warnings.add("DATE_MONTH_ONLY")


def _expires_month(entry: Entry, chance: random.Random) -> None:
    day = _day(entry, "expires")
    entry.write(expires=month_of(day, chance))
    entry.mean(expires=f"{day:%Y-%m}")
    entry.warnings.add("DATE_MONTH_ONLY")


def _other_expiry(entry: Entry, chance: random.Random) -> None:
    """A month too long; by a document it is right."""
    day = _day(entry, "expires") + relativedelta(months=1)
    entry.write(expires=f"{day:%Y-%m-%d}")
    entry.mean(expires=day.isoformat())
    if chance.random() < 0.5:
        entry.write(term_document_no=None)
        entry.mean(term_document_no="")
        entry.then_warnings.add("TERM_MISMATCH")


def _other_length(entry: Entry, chance: random.Random) -> None:
    """A length that is not the law's, and no document says why. Before 2018 the law left a choice."""
    if years_of(entry) != 5:
        return
    entry.write(term_years="3年", term_document_no=None)
    entry.mean(term_years="3", term_document_no="")
    entry.then_warnings.add("TERM_MISMATCH")


def _future(entry: Entry, chance: random.Random) -> None:
    entry.write(elected="2031-03-05", expires=None, extension_until=None)
    entry.errors.add("DATE_FUTURE")


def _no_year_more(entry: Entry, chance: random.Random) -> None:
    entry.write(elected="2021年", expires=None)
    entry.errors.add("DATE_YEAR_ONLY")


def _expired_before(entry: Entry, chance: random.Random) -> None:
    entry.write(expires=f"{_day(entry, 'elected') - relativedelta(days=1):%Y-%m-%d}")
    entry.errors.add("TERM_ORDER")


def _too_long(entry: Entry, chance: random.Random) -> None:
    """Longer than a year after the expiry, approved by no higher level."""
    day = _day(entry, "elected") + relativedelta(years=years_of(entry) + 1, days=1)
    entry.write(extension_until=day.isoformat())
    entry.mean(extension_until=day.isoformat())
    entry.then_warnings.add("EXT_TOO_LONG")


def _ends_before(entry: Entry, chance: random.Random) -> None:
    entry.write(extension_until=f"{_day(entry, 'elected') + relativedelta(years=years_of(entry)):%Y-%m-%d}")
    entry.then_errors.add("DATE_ORDER")


def _no_approval_day(entry: Entry, chance: random.Random) -> None:
    entry.write(extension_approved_on=chance.choice(["无", None, "/"]))
    entry.mean(extension_approved_on="")
    entry.then_warnings.add("EXT_DAY_MISSING")


def _unapproved(entry: Entry, chance: random.Random) -> None:
    entry.write(extension_approved_on=None, extension_document_no="—")
    entry.mean(extension_approved_on="", extension_document_no="")
    if "extension_approved" in entry.cells:
        entry.write(extension_approved=chance.choice(["否", "×", "无"]))
        entry.mean(extension_approved="否")
    entry.then_warnings.add("EXT_UNAPPROVED")


EXTENSION = "extension_until extension_approved_on extension_document_no elected expires term_document_no"
TRAPS = {
    **place_traps(),
    "elected in a month": trap("elected expires extension_until", _elected_month),
    "elected in a month, no extension": trap("elected expires", _elected_month),
    "expires in a month": trap("expires elected", _expires_month),
    "other expiry": trap("expires elected term_document_no", _other_expiry),
    "elected in the future": trap("elected", _future),
    "year of election only": trap("elected", _no_year_more),
    "expired before it was elected": trap("expires elected", _expired_before),
    "no election day": wrong("elected", "DATE_NOT_EXIST", lambda entry: "2021-02-30"),
    "no date of election": wrong("elected", "DATE_UNPARSABLE", lambda entry: "春节后"),
    "other length": trap("term_years term_document_no elected expires", _other_length),
    "years in words": odd("term_years", lambda entry: {3: "三年", 5: "五年"}[years_of(entry)]),
    "years too many": wrong("term_years", "TERM_YEARS_BAD", lambda entry: "50"),
    "number in words": odd("term_no", lambda entry: f"第{'零一二三四五'[int(entry.record['term_no'])]}届"),
    "extension too long": trap(EXTENSION, _too_long),
    "extension before the expiry": trap(EXTENSION, _ends_before),
    "extension without a day": trap(EXTENSION, _no_approval_day),
    "extension of nobody": trap(EXTENSION, _unapproved),
    "planned in a month": odd("planned_on", lambda entry: "2027年3月", "2027-03"),
    "no reason": odd("reason", lambda entry: "不涉及", ""),
}


class Mix:
    """The terms of one file. `before` those that are on the books already, as records."""

    def __init__(self, chance: random.Random):
        self.chance = chance
        self.before: list[dict[str, str]] = []

    def columns(self, found: list[str], title: str) -> list[str]:
        """All columns may stand beside each other."""
        return found

    def entries(self, columns: Sequence[str], count: int, places: Sequence[str]) -> list[Entry]:
        """So many terms, each once."""
        all_of_them = [(place, number) for place in places for number in range(len(YEARS))]
        return [self._entry(place, number) for place, number in self.chance.sample(all_of_them, min(count, 15))]

    def _entry(self, place: str, number: int) -> Entry:
        chance = self.chance
        year, years = list(YEARS.items())[number]
        elected = datetime.date(year, 1 + chance.randrange(10), 1 + chance.randrange(28))
        expires = elected + relativedelta(years=years)
        cells: dict[str, object] = {
            PLACE: place,
            "term_no": chance.choice([str(number + 1), number + 1]),
            "elected": spelled(elected, chance),
            "term_years": chance.choice([f"{years}", f"{years}年", years]),
            "expires": spelled(expires, chance),
        }
        record = {
            "term_no": str(number + 1),
            "term_years": str(years),
            "elected": str(elected),
            "expires": str(expires),
        }
        if chance.random() < 0.2:
            cells["early_approved_on"] = record["early_approved_on"] = f"{elected - relativedelta(months=3)}"
            cells["early_document_no"] = f"云组〔{elected.year}〕3号"
        if chance.random() < 0.5:
            cells["term_document_no"] = f"云组〔{elected.year}〕{chance.randrange(1, 99)}号"
        if number == len(YEARS) - 1:
            until, approved = expires + relativedelta(months=6), expires - relativedelta(months=1)
            cells |= {
                "extension_until": spelled(until, chance),
                "extension_approved": chance.choice(["是", "√", "Y"]),
                "extension_approved_on": spelled(approved, chance),
                "extension_document_no": f"云组〔2026〕{chance.randrange(1, 99)}号",
                "planned_on": "2027-03-15",
                "reason": "多数委员外出",
            }
            record |= {
                "extension_until": str(until),
                "extension_approved": "是",
                "extension_approved_on": str(approved),
            }
        return Entry(cells, {name: str(value) for name, value in (cells | record).items()})

    def disturb(self, entries: list[Entry]) -> None:
        """A term that is named twice is no mistake and adds nothing; so none is."""

    def finish(self, entries: Sequence[Entry], columns: Sequence[str]) -> None:
        """Cells of columns that are not there say nothing."""
        for entry in entries:
            drop_absent(entry, columns)
            is_plain = not entry.touched & {PLACE, "planned_on", *ON_TERM}
            if is_plain and entry.record["elected"].startswith("2021") and self.chance.random() < 0.4:
                self._know(entry)

    def _know(self, entry: Entry) -> None:
        """Let the sitting term be on the books: as the row has it, or with another plan and number."""
        known = {name: value for name, value in entry.record.items() if name in KNOWN}
        if self.chance.random() < 0.6:
            known |= {"planned_on": "2026-12-01", "reason": "原因待查", "term_no": "9", "early_document_no": "旧文号"}
        self.before.append(known)
        stated = {name: value for name, value in entry.record.items() if name in KNOWN}
        is_same = known | stated == known and "extension_until" not in entry.record
        if entry.is_good:
            entry.step = "unchanged" if is_same else "changed"

    def build(self, branches: dict[str, Organization]) -> None:
        """The terms that are on the books before."""
        for known in self.before:
            elected = datetime.date.fromisoformat(known["elected"])
            factories.TermFactory(
                organization=branches[known[PLACE]],
                ordinal=int(known["term_no"]),
                elected_on=elected,
                expires_on=elected + relativedelta(years=5),
                document_no=known.get("term_document_no", ""),
                early_approved_on=known.get("early_approved_on"),
                early_document_no=known.get("early_document_no", ""),
                planned_on=known.get("planned_on"),
                overdue_reason=known.get("reason", ""),
            )

    def expected(self, entries: Sequence[Entry]) -> tuple[list, list]:
        """The terms and extensions that the good rows state."""
        stated = {(record[PLACE], record["elected"]): record for record in self.before}
        extensions = []
        for entry in entries:
            if not entry.is_good:
                continue
            place = entry.record[PLACE].removeprefix("中共")
            key = place, entry.record["elected"]
            record = stated[key] = stated.get(key, {}) | entry.record
            if "extension_until" in record:
                is_approved = "EXT_UNAPPROVED" not in entry.then_warnings
                names = ("extension_until", "extension_approved_on", "extension_document_no")
                extensions.append((place, record["term_no"], is_approved, *(record.get(name, "") for name in names)))
        return sorted(_term(place, record) for (place, _), record in stated.items()), sorted(extensions)

    @staticmethod
    def written() -> tuple[list, list]:
        """What the books hold."""
        terms = [
            (
                term.organization.name,
                term.ordinal,
                as_stated(term.elected_on, term.elected_on_precision),
                str(term.years),
                as_stated(term.expires_on, term.expires_on_precision),
                str(term.stated_expires_on or ""),
                str(term.stated_years or ""),
                term.document_no,
                str(term.early_approved_on or ""),
                term.early_document_no,
                as_stated(term.planned_on, term.planned_on_precision),
                term.overdue_reason,
            )
            for term in Term.objects.select_related("organization")
        ]
        extensions = [
            (
                each.term.organization.name,
                str(each.term.ordinal),
                each.is_approved,
                str(each.ends_on),
                str(each.approved_on or ""),
                each.document_no,
            )
            for each in Extension.objects.select_related("term__organization")
        ]
        assert set(Extension.objects.values_list("level", flat=True)) <= {ApprovalLevel.SUPERIOR}
        return sorted(terms), sorted(extensions)


def _term(place: str, record: dict[str, str]) -> tuple:
    """What the books hold of a term of this record: without a document the law decides."""
    month = len(record["elected"]) == 7
    day = datetime.date.fromisoformat(record["elected"] + ("-01" if month else ""))
    years = YEARS[day.year]
    computed = str(day + relativedelta(years=years))[: 7 if month else 10]
    stated = record.get("expires", "")
    differs = len(stated) == 10 and stated != computed
    return (
        place,
        int(record["term_no"]),
        record["elected"],
        str(years),
        stated if differs and "term_document_no" in record else computed,
        stated if differs else "",
        record["term_years"] if record.get("term_years", str(years)) != str(years) else "",
        record.get("term_document_no", ""),
        record.get("early_approved_on", ""),
        record.get("early_document_no", ""),
        record.get("planned_on", ""),
        record.get("reason", ""),
    )
