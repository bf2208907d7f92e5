"""How long a term is, when it expires, and to what day an extension carries it.

任期意见 = 《关于党的基层组织任期的意见》 (2018-07-12); 选举条例 = 《中国共产党基层组织选举工作条例》 (2020-07-13).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from elections.rules.dated import add_years, month_end
from elections.rules.facts import ExtensionFacts, OrganizationFacts, TermFacts
from elections.rules.parameters import TERM_OPINION, Entry, Law
from orgs.enums import ApprovalLevel, Kind, Precision, UnitType

LENGTH_DIFFERS = "P-10"
"""Finding 「任期与规定不符」: a stated length differs from the law and has no 批复 number."""

_LIFTS_CAP = frozenset({ApprovalLevel.HIGHER, ApprovalLevel.PROVINCE_CITY})


class UnknownUnitType(LookupError):
    """The length depends on the type of the unit, and that is unknown: propose and have it confirmed.

    `candidates` are the lengths in years that the possible unit types would give, shortest first.
    """

    def __init__(self, kind: Kind, candidates: tuple[int, ...]):
        self.kind = kind
        self.candidates = candidates
        super().__init__(f"「{kind.label}」的任期取决于单位类型，单位类型尚未确认")


@dataclass(frozen=True)
class TermLength:
    """A length in years, the rule it rests on (None for one kept by its own 批复), and findings."""

    years: int
    law: Entry | None
    findings: tuple[str, ...] = ()

    @property
    def rule_id(self) -> str:
        """The id of the rule; empty when a 批复 decides."""
        return self.law.rule_id if self.law else ""


@dataclass(frozen=True)
class CountedExtension:
    """An extension that counts: from `effective_on` on, the term runs to `counts_until` (inclusive)."""

    effective_on: date
    counts_until: date


def term_years(
    *,
    kind: Kind,
    unit_type: UnitType | None,
    elected_on: date,
    large: bool | None = None,
    stated: int | None = None,
    document_no: str = "",
    law: Law | None = None,
) -> TermLength:
    """The length of a term elected on a day by an organization of this kind and unit type (both as on that day).

    任期意见 一: 党委 5 years, 总支 and 支部 3, in 村 and 社区 all 5 (TERM-02 to 04). A term elected before
    2018-07-12 keeps its old length (TERM-08, TERM-09); `large` says whether an enterprise is 大中型. A
    `stated` length that differs holds only with a 批复 number; else the computed one holds with the
    finding P-10; of an old term any stated length from 2 to 5 is kept.

    Raises LawGap for a kind without a term, UnknownUnitType where the unit type decides and is None.
    """
    law = law or Law.builtin()
    if stated is not None and stated < 1:
        raise ValueError("任期应为正整数年")

    try:
        entry = _length(kind, unit_type, elected_on, large, law)
    except UnknownUnitType:
        kept = _kept(stated, elected_on, document_no, law)
        if kept is None:
            raise
        return kept
    if stated is None or stated == entry.value:
        return TermLength(entry.value, entry)
    return _kept(stated, elected_on, document_no, law) or TermLength(entry.value, entry, (LENGTH_DIFFERS,))


def _kept(stated: int | None, elected_on: date, document_no: str, law: Law) -> TermLength | None:
    """The stated length where it holds against the computed one: by the rule on old terms, or by its own 批复."""
    if stated is None:
        return None
    if elected_on < TERM_OPINION:
        least, most = law.old_stated_years_least.on(elected_on), law.old_stated_years_most.on(elected_on)
        if least.value <= stated <= most.value:
            return TermLength(stated, least)
    return TermLength(stated, None) if document_no.strip() else None


def _length(kind: Kind, unit_type: UnitType | None, elected_on: date, large: bool | None, law: Law) -> Entry:
    if unit_type is not None:
        return law.length(kind, unit_type, elected_on=elected_on, large=large)
    possible = [law.length(kind, each, elected_on=elected_on, large=large) for each in UnitType]
    lengths = sorted({entry.value for entry in possible})
    if len(lengths) > 1:
        raise UnknownUnitType(kind, tuple(lengths))
    # All unit types agree, so it need not be known; cite the general rule, not that of one type.
    return law.length(kind, UnitType.OTHER, elected_on=elected_on, large=large)


def expiry(*, elected_on: date, years: int, precision: Precision = Precision.DAY) -> date:
    """The last day of a term: the anniversary of the election (29 February → 28 February).

    The term runs from the day of election (TERM-17). An election known to the month gives the last day of the
    anniversary month, which counts for everything; one known to the year only is refused with ValueError.
    """
    if precision == Precision.YEAR:
        raise ValueError("当选日期须精确到月")
    anniversary = add_years(elected_on, years)
    return month_end(anniversary) if precision == Precision.MONTH else anniversary


def counted_extension(
    extension: ExtensionFacts, *, elected_on: date, expires_on: date, law: Law | None = None
) -> CountedExtension | None:
    """From when and to what day an extension carries the term; None when it moves nothing.

    Only an approved one counts (任期意见 二, 选举条例 第三条: TERM-12), from its approval day; without that day it
    is taken as approved in time, that is from the beginning of the term. One approved more than a year after the expiry
    changes nothing. It runs at most one year past the expiry, counted from the expiry (not from the approval),
    unless a higher level or a province or city order is recorded with its document number.
    """
    law = law or Law.builtin()
    effective_on = works_from(extension, elected_on=elected_on)
    if effective_on is None or effective_on > add_years(expires_on, law.late_approval_years.on(effective_on).value):
        return None
    counts_until = extension.ends_on
    if not lifts_cap(extension):
        cap = add_years(expires_on, law.extension_cap_years.on(effective_on).value)
        counts_until = min(counts_until, cap)
    # An end on or before the expiry extends nothing: it is a slip or the expiry was corrected later.
    return CountedExtension(effective_on, counts_until) if counts_until > expires_on else None


def works_from(extension: ExtensionFacts, *, elected_on: date) -> date | None:
    """The day from which an extension works; None while it is not approved."""
    if not (extension.document_no.strip() or extension.approved_on or extension.is_approved):
        return None
    return extension.approved_on or elected_on


def lifts_cap(extension: ExtensionFacts) -> bool:
    """Whether a higher level or a province or city order with its number lets it run longer than the cap."""
    return bool(extension.document_no.strip()) and extension.level in _LIFTS_CAP


def counted_extensions(
    *, elected_on: date, expires_on: date, extensions: Iterable[ExtensionFacts], law: Law | None = None
) -> tuple[CountedExtension, ...]:
    """All extensions that count, in the order in which each replaces the one before.

    The latest approval decides, even when it sets an earlier end; of two on one day the later end.
    """
    counted = (counted_extension(each, elected_on=elected_on, expires_on=expires_on, law=law) for each in extensions)
    return tuple(sorted(filter(None, counted), key=lambda each: (each.effective_on, each.counts_until)))


def effective_extension(
    *, elected_on: date, expires_on: date, extensions: Iterable[ExtensionFacts], law: Law | None = None
) -> CountedExtension | None:
    """The last of the extensions that count: what is stored on the term; None without one."""
    steps = counted_extensions(elected_on=elected_on, expires_on=expires_on, extensions=extensions, law=law)
    return steps[-1] if steps else None


def extended_to(term: TermFacts, *, on: date, law: Law | None = None) -> date | None:
    """The end that the extensions approved on or before a day give the term (lapsed or not); None without one."""
    in_force = [
        step
        for step in counted_extensions(
            elected_on=term.elected_on, expires_on=term.expires_on, extensions=term.extensions, law=law
        )
        if step.effective_on <= on
    ]
    return in_force[-1].counts_until if in_force else None


def sitting_until(*, elected_on: date, elections: Iterable[date], converted_on: Iterable[date] = ()) -> date | None:
    """The first day a term no longer sits: the next general election's day or a conversion; None while it sits.

    `elections` are the election days of all terms of the same organization and body, `converted_on` the days of its
    conversions (升格, 改建). A term elected on the day of the conversion belongs to the new form.
    """
    return min((day for day in (*elections, *converted_on) if day > elected_on), default=None)


def sitting_term(facts: OrganizationFacts, *, on: date) -> TermFacts | None:
    """The current term: the one with the greatest election day on or before `on`, unless a conversion ended it."""
    elected = [term for term in facts.terms if term.elected_on <= on]
    if not elected:
        return None
    latest = max(elected, key=lambda term: term.elected_on)
    if latest.until is not None and latest.until <= on:
        return None
    # A conversion ends the term of the former body; never an appointment or a by-election.
    converted_on = facts.converted_by(on)
    if converted_on is not None and latest.elected_on < converted_on:
        return None
    return latest


def term_before(facts: OrganizationFacts, term: TermFacts) -> TermFacts | None:
    """The term that `term` followed by a general election; None for a first one or after a conversion."""
    earlier = [each for each in facts.terms if each.elected_on < term.elected_on]
    if not earlier:
        return None
    last = max(earlier, key=lambda each: each.elected_on)
    if last.until is not None and last.until < term.elected_on:
        return None
    converted_on = facts.converted_by(term.elected_on)
    if converted_on is not None and last.elected_on < converted_on:
        return None
    return last
