"""按期换届率: the terms that ended in a year, and which of them were followed in time."""

from datetime import date

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from elections.models import Term
from elections.on_time import Rate, ended_terms, rate
from elections.views.addresses import address
from elections.views.frame import Frame, frame_of, without_part
from elections.views.paging import page_links
from orgs.days import FIRST_DAY, LAST_DAY, written
from orgs.wording import day_column

TERMS = 50
ON_TIME, LATE = "on_time", "late"


class OnTimeForm(forms.Form):
    """The year, what came of the terms, and the page; every field may be missing, a wrong one is left out."""

    year = forms.IntegerField(required=False, min_value=FIRST_DAY.year, max_value=LAST_DAY.year)
    result = forms.ChoiceField(required=False, choices=[("", ""), (ON_TIME, "按期"), (LATE, "未按期")])
    page = forms.IntegerField(required=False, min_value=1, max_value=10**7)


def terms_of_year(frame: Frame, year: int):
    """The terms of a calendar year as known on the frame's day."""
    return ended_terms(user=frame.user, node=frame.node, first=date(year, 1, 1), last=date(year, 12, 31), on=frame.on)


def rate_line(frame: Frame, year: int, found: Rate) -> dict:
    """The numbers of a year with the addresses of their rows."""

    def rows(**asked):
        return address("on_time", node=frame.node.uid, on=frame.on_or_none, year=year, **asked)

    return {
        "year": year,
        "percent": found.percent,
        "due": found.due,
        "due_url": rows(),
        "on_time": found.on_time,
        "on_time_url": rows(result=ON_TIME),
        "late": found.due - found.on_time,
        "late_url": rows(result=LATE),
    }


@login_required
@never_cache
@require_safe
def on_time(request):
    """The terms behind the rate of a year, this one without one in the address."""
    frame = frame_of(request, screen="on_time")
    if frame is None:
        return without_part(request)
    form = OnTimeForm(request.GET)
    form.is_valid()
    year = form.cleaned_data.get("year") or frame.on.year
    result = form.cleaned_data.get("result") or ""
    terms = terms_of_year(frame, year)
    numbers = rate_line(frame, year, rate(terms))
    if result:
        terms = terms.filter(is_on_time=result == ON_TIME)
    rows = terms.select_related("organization").order_by("is_on_time", "end", F("organization__sort_key"), "id")
    page = Paginator(rows, TERMS).get_page(form.cleaned_data.get("page") or 1)
    asked = {"node": frame.node.uid, "on": frame.on_or_none, "year": year}
    return render(
        request,
        "elections/on_time.html",
        {
            **frame.context(year=year, result=result),
            "numbers": numbers,
            "result": result,
            "lines": [_line(frame, each) for each in page.object_list],
            "earlier_url": address("on_time", **{**asked, "year": year - 1}),
            "later_url": address("on_time", **{**asked, "year": year + 1}) if year < frame.on.year else "",
            "dashboard_url": frame.dashboard_of(frame.node),
            "page_words": f"共 {page.paginator.count} 届，第 {page.start_index()}–{page.end_index()} 届",
            "pages": page_links(page, lambda number: address("on_time", **asked, result=result, page=number)),
        },
    )


def _line(frame: Frame, term: Term) -> dict:
    organization = term.organization
    if term.is_on_time:
        words = "按期换届"
    elif term.renewed_on:
        words = f"逾期 {(term.renewed_on - term.end).days} 天换届"
    elif organization.closed_on and organization.closed_on <= frame.on:
        words = f"逾期未换届，{written(organization.closed_on)} 撤销"
    elif term.until and term.until <= frame.on:
        words = f"逾期未换届，{written(term.until)} 改建"
    else:
        words = f"逾期未换届，已超 {(frame.on - term.end).days} 天"
    return {
        "name": organization.name,
        "url": frame.page_of(organization),
        "elected_on": written(term.elected_on, term.elected_on_precision),
        "end": written(term.end),
        "renewed_on": day_column(term.renewed_on),
        "words": words,
        "is_late": not term.is_on_time,
    }
