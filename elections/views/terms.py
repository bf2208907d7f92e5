"""All terms (届) and extensions of an organization as lines of a table, the latest first."""

from itertools import pairwise

from elections.ledger import Row
from elections.models import Appointment, Extension, Term
from elections.rules.dated import add_months
from elections.rules.parameters import Law
from elections.views.papers import Papers
from elections.views.verdict import length_basis
from orgs.days import spoken, written
from orgs.enums import Body, Kind, UnitType
from orgs.wording import NONE, day_column


def term_lines(organization, *, user, on, law: Law, papers: Papers) -> list[dict]:
    """Every term elected up to the day, each with how it followed the one before and its scanned papers."""
    terms = list(
        Term.objects.visible_to(user)
        .filter(organization=organization, elected_on__lte=on)
        .order_by("body", "-elected_on")
    )
    gaps = {later.pk: _gap(earlier, later, law) for later, earlier in pairwise(terms) if later.body == earlier.body}
    return [{**_line(term, gaps.get(term.pk, (NONE, False)), on, law), "papers": papers.of(term)} for term in terms]


def how_followed(lines: list[dict], row: Row) -> str:
    """How the sitting committee's election lay to the term before, as a part of a sentence; `lines` of `term_lines`."""
    elected, body = written(row.elected_on, row.elected_on_precision), Body.COMMITTEE.label
    line = next((each for each in lines if (each["elected_on"], each["body"]) == (elected, body)), None)
    if line is None or line["gap"] == NONE:
        return "此前没有届次记录"
    if not line["gap"].startswith("提前"):
        return f"{line['gap']}换届" if line["gap"] == "按期" else line["gap"]
    return f"{line['gap']}，{line['early']}"


def _line(term: Term, gap: tuple[str, bool], on, law: Law) -> dict:
    words, is_late = gap
    unit_type = UnitType(term.unit_type_at_election) if term.unit_type_at_election else None
    return {
        "ordinal": f"第 {term.ordinal} 届" if term.ordinal else "届次未填",
        "is_sitting": term.until is None or term.until > on,
        "body": term.get_body_display(),
        "elected_on": written(term.elected_on, term.elected_on_precision),
        "years": f"{term.years} 年",
        "years_basis": length_basis(term.years_basis, Kind(term.kind_at_election), unit_type, term.elected_on, law),
        "expires_on": written(term.expires_on, term.expires_on_precision),
        "stated": f"名册所列 {term.stated_years} 年" if term.stated_years else "",
        "gap": words,
        "gap_is_late": is_late,
        "early": _early(term),
        "document_no": term.document_no or NONE,
    }


def _early(term: Term) -> str:
    """What is known of the approval to elect early (TERM-13)."""
    approved_on = f"{spoken(term.early_approved_on)}批准" if term.early_approved_on else ""
    return "，".join(part for part in (approved_on, term.early_document_no) if part) or "未见提前换届的批准"


def _gap(earlier: Term, later: Term, law: Law) -> tuple[str, bool]:
    """How `later` followed `earlier`, and whether it came late (after the end that was approved)."""
    if earlier.until and earlier.until < later.elected_on:
        # Its term ended with the conversion: what came then was a first election, with a time limit of its own.
        return "改建后首次选举", False
    end = earlier.extended_until or earlier.expires_on
    if later.elected_on > end:
        return f"逾期 {(later.elected_on - end).days} 天", True
    lead = law.reminder_lead_months.on(later.elected_on).value
    if later.elected_on < add_months(earlier.expires_on, -lead):
        return f"提前 {(earlier.expires_on - later.elected_on).days} 天", False
    return "按期", False


def extension_lines(organization, *, user, on, papers: Papers) -> list[dict]:
    """Every extension approved up to the day or without an approval day, with its scanned papers."""
    extensions = (
        Extension.objects.visible_to(user)
        .filter(term__organization=organization, term__elected_on__lte=on)
        .exclude(approved_on__gt=on)
        .order_by("-term__elected_on", "-approved_on", "-id")
    )
    return [
        {
            "ends_on": written(extension.ends_on),
            "approval": "已批准" if extension.is_approved else "未见批准",
            "approved_on": day_column(extension.approved_on),
            "document_no": extension.document_no or NONE,
            "level": extension.get_level_display(),
            "reason": extension.reason or NONE,
            "effect": _effect(extension),
            "papers": papers.of(extension),
        }
        for extension in extensions
    ]


def appointment_lines(organization, *, user, on, papers: Papers) -> list[dict]:
    """Every committee appointed up to the day, the latest first, with its scanned papers."""
    appointments = Appointment.objects.visible_to(user).filter(organization=organization, on__lte=on)
    return [
        {"on": written(each.on), "document_no": each.document_no, "papers": papers.of(each)}
        for each in appointments.order_by("-on", "-id")
    ]


def _effect(extension: Extension) -> str:
    if extension.effective_on is None:
        return "不改变任期"
    return f"自{spoken(extension.effective_on)}起，任期至{spoken(extension.counts_until)}"
