"""Terms: what is stored because SQL must compare it is what the law gives."""

from collections.abc import Iterator
from itertools import islice

from django.db.models import Count, Exists, OuterRef

from elections.models import Extension, Term
from elections.rules.terms import expiry
from elections.services.terms import BY_DOCUMENT, DERIVED_ON_EXTENSION, DERIVED_ON_TERM, derive
from orgs import history
from orgs.checks.contradiction import Contradiction, named, of_uid
from orgs.enums import Body, Precision
from orgs.models import Organization

# Organizations whose terms are read at a time.
CHUNK = 2000


def derived_values() -> Iterator[Contradiction]:
    """Derived columns of terms and extensions are what services.terms.derive gives; so one term sits on a day."""
    holders = Organization.everything.filter(Exists(Term.objects.filter(organization=OuterRef("pk"))))
    rows = holders.order_by("id").values_list("id", "name", "code", "uid")
    for chunk in _in_chunks(rows):
        organizations = {pk: named(name, code, uid) for pk, name, code, uid in chunk}
        terms = list(Term.objects.filter(organization__in=organizations).order_by("id"))
        extensions = list(Extension.objects.filter(term__organization__in=organizations).order_by("id"))
        stored = [_values(term, DERIVED_ON_TERM) for term in terms]
        stored_too = [_values(each, DERIVED_ON_EXTENSION) for each in extensions]
        derive(terms=terms, extensions=extensions, converted_on=history.conversions(organizations))
        places = {term.pk: organizations[term.organization_id] for term in terms}
        for row, was, fields in (
            *((term, was, DERIVED_ON_TERM) for term, was in zip(terms, stored, strict=True)),
            *((each, was, DERIVED_ON_EXTENSION) for each, was in zip(extensions, stored_too, strict=True)),
        ):
            if was != (now := _values(row, fields)):
                place = places[row.pk if isinstance(row, Term) else row.term_id]
                yield Contradiction(
                    row._meta.verbose_name,
                    of_uid(row.uid),
                    f"{place}的{_differences(row, fields, was, now)}",
                    "对该党组织的任一届次重新登记或更正一次，由系统重新计算",
                )


def _in_chunks(rows) -> Iterator[tuple]:
    rows = rows.iterator(chunk_size=CHUNK)
    while chunk := tuple(islice(rows, CHUNK)):
        yield chunk


def _values(row, fields) -> list:
    return [getattr(row, field) for field in fields]


def _differences(row, fields, was, now) -> str:
    """What is stored and what the law gives, column by column."""
    return "；".join(
        f"“{row._meta.get_field(field).verbose_name}”存为“{_said(old)}”，按规定应为“{_said(new)}”"
        for field, old, new in zip(fields, was, now, strict=True)
        if old != new
    )


def _said(value) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "无" if value is None else str(value)


def expiry_has_its_basis() -> Iterator[Contradiction]:
    """A term ends on its election's anniversary or on the day its 批复 states; a stated length has its 批复."""
    columns = (
        "uid",
        "organization__name",
        "organization__code",
        "organization__uid",
        "elected_on",
        "elected_on_precision",
        "years",
        "years_basis",
        "expires_on",
        "stated_expires_on",
        "document_no",
    )
    for uid, name, code, place, elected, precision, years, basis, expires, stated, document in (
        Term.objects.order_by("id").values_list(*columns).iterator()
    ):
        has_document = bool(document.strip())
        by_law = expiry(elected_on=elected, years=years, precision=Precision(precision))
        if expires != by_law and not (has_document and expires == stated):
            wrong = f"届满日期存为{expires}，按{elected}当选、任期{years}年应为{by_law}，又没有批复载明这一天"
        elif basis == BY_DOCUMENT and not has_document:
            wrong = f"任期{years}年注明以批复为准，却没有批复文号"
        else:
            continue
        yield Contradiction(
            "届次", of_uid(uid), f"{named(name, code, place)}的{wrong}", "核对批复，补登文号，或更正当选日期和任期"
        )


def one_term_a_day() -> Iterator[Contradiction]:
    """A body is elected once on a day."""
    doubled = (
        Term.objects.order_by()
        .values_list("organization__name", "organization__code", "organization__uid", "body", "elected_on")
        .annotate(number=Count("pk"))
        .filter(number__gt=1)
        .order_by("organization__uid", "body", "elected_on")
    )
    for name, code, uid, body, day, number in doubled.iterator():
        yield Contradiction(
            "届次",
            named(name, code, uid),
            f"{Body(body).label}在{day}登记了 {number} 届",
            "保留正确的一届，其余作废",
        )
