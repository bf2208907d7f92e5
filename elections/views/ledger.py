"""The ledger as a page: chips that add up to the total, filters, a table of 50 rows, and all rows for paper."""

from io import BytesIO

from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from elections import ledger_file
from elections.forms import ALL_ROWS, LedgerForm
from elections.ledger import DEFAULT_SORT, SORTS, URGENCY, Ledger, Row, Summary
from elections.views.as_of import band
from elections.views.findings import finding_counts, finding_titles
from elections.views.frame import Frame, frame_of, without_part
from elections.views.paging import page_links
from elections.views.people import people_column, people_words
from orgs.days import written
from orgs.enums import State
from orgs.wording import NO_DATA, NONE, day_column

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Heading, column of SORTS (none: not sortable), whether it holds numbers.
COLUMNS = (
    ("党组织名称", "name", False),
    ("类别", "kind", False),
    ("所属党（工）委", None, False),
    ("党员数", None, True),
    ("书记", None, False),
    ("选举日期", "elected_on", False),
    ("届满日期", "expires_on", False),
    ("距届满", "ends_on", True),
    ("状态", "state", False),
)


@login_required
@never_cache
@vary_on_headers("HX-Request")
@require_safe
def ledger(request):
    """Page, table alone (for htmx) or all rows for printing, of the node the address names."""
    frame = frame_of(request, screen="ledger")
    if frame is None:
        return without_part(request)
    form = LedgerForm(request.GET)
    form.is_valid()
    found = Ledger(user=request.user, node=frame.node, on=frame.on, filters=form.filters())
    sort = form.cleaned_data.get("sort") or DEFAULT_SORT
    if form.cleaned_data.get("per") == ALL_ROWS:
        return render(request, "elections/ledger_print.html", _all(frame, form, found, sort))
    fragment = request.htmx and request.htmx.target == "tcard"
    context = _table(frame, form, found, sort)
    if not fragment:
        context |= frame.context(**form.kept(), sort=_unless_usual(sort))
    return render(request, "elections/ledger.html#rows" if fragment else "elections/ledger.html", context)


@login_required
@never_cache
@require_safe
def ledger_export(request):
    """The rows that the filters leave as an Excel file, with the same numbers as the page."""
    frame = frame_of(request, screen="ledger")
    if frame is None:
        return without_part(request)
    form = LedgerForm(request.GET)
    form.is_valid()
    found = Ledger(user=request.user, node=frame.node, on=frame.on, filters=form.filters())
    return FileResponse(
        BytesIO(ledger_file.xlsx(found, form.cleaned_data.get("sort") or DEFAULT_SORT)),
        as_attachment=True,
        filename=f"{frame.node.name}换届台账{frame.on:%Y%m%d}.xlsx",
        content_type=XLSX,
    )


def _table(frame: Frame, form: LedgerForm, found: Ledger, sort: str) -> dict:
    kept, usual = form.kept(), _unless_usual(sort)
    page = found.page(number=form.cleaned_data.get("page") or 1, sort=sort)
    filter_count = sum(1 for value in kept.values() if value)
    return {
        "node": frame.node,
        "form": form,
        "filter_keeps": _hidden(frame, form, usual),
        "filter_count": filter_count,
        "clear_url": frame.ledger_of(frame.node, sort=usual) if filter_count else "",
        "export_url": frame.export_of(frame.node, **kept, sort=usual),
        "print_url": frame.ledger_of(frame.node, **kept, sort=usual, per=ALL_ROWS),
        "chips": _chips(frame, kept, usual, found.summary()),
        "findings_url": frame.findings_of(frame.node, **kept),
        "columns": [_column(frame, kept, sort, *column) for column in COLUMNS],
        "rows": [row_cells(frame, row) for row in page.object_list],
        "page_words": f"共 {page.paginator.count} 个党组织，第 {page.start_index()}–{page.end_index()} 个",
        "pages": page_links(page, lambda number: frame.ledger_of(frame.node, **kept, sort=usual, page=number)),
    }


def _all(frame: Frame, form: LedgerForm, found: Ledger, sort: str) -> dict:
    rows = [{**row_cells(frame, row), "titles": finding_titles(row)} for row in found.rows(sort)]
    return {
        "node": frame.node,
        "on": frame.on,
        "is_today": frame.on == frame.today,
        "band": band(frame.node, on=frame.on, today=frame.today),
        "day_query": frame.day_query,
        "columns": [{"label": label, "is_number": is_number} for label, _, is_number in COLUMNS],
        "rows": rows,
        "asked": found.filters.words(),
        "back_url": frame.ledger_of(frame.node, **form.kept(), sort=_unless_usual(sort)),
    }


def row_cells(frame: Frame, row: Row) -> dict:
    """A row as the table shows it: every value a text."""
    return {
        "url": frame.page_of(row.organization),
        "name": row.name,
        "code": row.code,
        "kind": row.kind.label,
        "superior": row.place.short_name or row.place.name if row.place else NONE,
        "people": people_column(row.headcount),
        "people_basis": people_words(row.headcount),
        "secretary": row.secretary or (NONE if row.in_the_books else NO_DATA),
        "elected_on": day_column(row.elected_on, row.elected_on_precision),
        "expires_on": day_column(row.expires_on, row.expires_on_precision),
        "extended_to": written(row.extended_to),
        "days": days_words(row),
        "is_late": row.state == State.OVERDUE,
        "state": row.state,
        "marks": [mark.label for mark in row.marks],
        "findings": finding_counts(row),
    }


def days_words(row: Row) -> str:
    """How far from its end a term is: 超 417 天, 5 天, or a dash without a term."""
    if row.days is None:
        return NONE
    return f"超 {row.days} 天" if row.state == State.OVERDUE else f"{row.days} 天"


def _unless_usual(sort: str) -> str | None:
    return None if sort == DEFAULT_SORT else sort


def _hidden(frame: Frame, form: LedgerForm, usual: str | None) -> list[tuple[str, str]]:
    """What the filter form has to carry along beside its own fields."""
    kept = [("node", str(frame.node.uid)), ("on", frame.on_or_none), ("sort", usual)]
    kept += [("state", state) for state in form.cleaned_data.get("state") or ()]
    kept += [(name, form.kept()[name]) for name in ("inspection", "severity")]
    return [(name, value) for name, value in kept if value]


def _chips(frame: Frame, kept: dict, usual: str | None, summary: Summary) -> list[dict]:
    """The states with their numbers; a chip adds its state to the chosen ones or takes it out again.

    What is a year past its end goes through the states, so that chip stands alone: its number is the rows it lists.
    """
    chosen = list(kept["state"] or ())

    def chip(label, number, *, states=(), inspection=None, state=None, is_current=False):
        url = frame.ledger_of(frame.node, **{**kept, "state": states, "inspection": inspection, "sort": usual})
        return {"label": label, "number": number, "url": url, "state": state, "is_current": is_current}

    chips = [chip("全部", summary.total, is_current=not chosen and not kept["inspection"])]
    for state in URGENCY:
        toggled = [each for each in chosen if each != state.value]
        is_current = state.value in chosen
        chips.append(
            chip(
                state.label,
                summary.states[state],
                states=toggled if is_current else [*chosen, state.value],
                state=state,
                is_current=is_current,
            )
        )
    chips.append(
        chip(
            "其中届满超过1年",
            summary.inspection,
            inspection=None if kept["inspection"] else "1",
            is_current=bool(kept["inspection"]),
        )
    )
    return chips


def _column(frame: Frame, kept: dict, sort: str, label: str, key: str | None, is_number: bool) -> dict:
    """A heading; a sorted column is turned round by its link."""
    column = {"label": label, "is_number": is_number, "aria_sort": "", "url": ""}
    if key in SORTS:
        is_sorted = sort.removeprefix("-") == key
        if is_sorted:
            column["aria_sort"] = "descending" if sort.startswith("-") else "ascending"
        column["url"] = frame.ledger_of(frame.node, **kept, sort=f"-{key}" if sort == key else key)
    return column
