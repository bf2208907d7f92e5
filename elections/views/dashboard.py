"""The dashboard: the counts of a node on a day, each a link to the rows behind it."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from elections.ledger import OUTSIDE_DENOMINATOR, URGENCY, Child, Ledger, Summary
from elections.on_time import rate
from elections.rules.dated import month_end
from elections.start import is_starting
from elections.views.addresses import address
from elections.views.arrangements import looked_at
from elections.views.frame import Frame, frame_of, without_part
from elections.views.on_time import rate_line, terms_of_year
from elections.views.people import people_words
from members.headcount import HeadCount, headcount
from orgs.enums import Kind, State
from orgs.opening import people_since

MONTHS = 18
# More bars than this do not fit one screen; the table below has them all.
MOST_BARS = 15
# From left to right in a bar and in the columns of the table.
ORDER = (
    State.OVERDUE,
    State.DUE_SOON,
    State.IN_ELECTION,
    State.EXTENDED,
    State.IN_TERM,
    State.NO_DATA,
    State.AWAITING_FIRST,
    State.NO_TERM,
)
EXPECTED = tuple(state.value for state in URGENCY if state not in OUTSIDE_DENOMINATOR)


@login_required
@never_cache
@require_safe
def dashboard(request):
    """The node the address names, the user's own part without one."""
    frame = frame_of(request, screen="dashboard")
    if frame is None:
        return without_part(request)
    ledger = Ledger(user=request.user, node=frame.node, on=frame.on)
    summary = ledger.summary()
    return render(
        request,
        "elections/dashboard.html",
        {
            **frame.context(),
            "ledger_url": frame.ledger_of(frame.node),
            "findings_url": frame.findings_of(frame.node),
            "node_url": frame.page_of(frame.node),
            "start_url": address("start", node=frame.node.uid) if is_starting(frame.node, summary) else "",
            "tiles": _tiles(frame, summary, ledger),
            "states": ORDER,
            "children": [_line(frame, child) for child in summary.children],
            "total_row": _numbers(
                summary.total, summary.expected, summary.states, partial(frame.ledger_of, frame.node)
            ),
            "bars_heading": "各党（工）委换届状态" if frame.node.kind == Kind.LOCAL_COMMITTEE else "下级党组织换届状态",
            "rate": rate_line(frame, frame.on.year, rate(terms_of_year(frame, frame.on.year))),
            "looked_at": looked_at(frame, ledger.law),
            "chart_states": _chart_of_states(frame, summary),
            "chart_months": _chart_of_months(frame, ledger),
            "people_words": people_words(_people(frame)),
        },
    )


def _people(frame: Frame) -> HeadCount | None:
    """The members of the node, None before the 建账日 of a part of it."""
    since = people_since([frame.node])[frame.node.pk]
    return None if since and frame.on < since else headcount([frame.node], frame.on)[frame.node.pk]


def _tiles(frame: Frame, summary: Summary, ledger: Ledger) -> list[dict]:
    lead = ledger.law.reminder_lead_months.on(frame.on).value

    def tile(label, number, note, *, icon="", state=None, filters=None):
        url = frame.ledger_of(frame.node, **(filters or ({"state": state.value} if state else {})))
        return {"label": label, "number": number, "note": note, "icon": icon, "state": state, "url": url}

    states = summary.states
    tiles = [
        tile("党组织总数", summary.total, "含本级及全部下级", icon="bi-diagram-3-fill hj-muted"),
        tile("逾期未换届", states[State.OVERDUE], "须立即整改", state=State.OVERDUE),
        tile(f"{lead}个月内到期", states[State.DUE_SOON], "提醒启动换届", state=State.DUE_SOON),
        tile("换届中", states[State.IN_ELECTION], "已启动选举程序", state=State.IN_ELECTION),
        tile("经批准延期", states[State.EXTENDED], "延期一般不超过1年", state=State.EXTENDED),
        tile("无届次数据", states[State.NO_DATA], "请补录届次", state=State.NO_DATA),
        tile(
            "应换届数",
            summary.expected,
            "不含不适用等两类",
            icon="bi-calendar2-check hj-muted",
            filters={"state": EXPECTED},
        ),
    ]
    for each in tiles:
        each["is_alarm"] = each["state"] == State.OVERDUE and each["number"] > 0
    return tiles


def _expected(states: dict[State, int]) -> int:
    return sum(number for state, number in states.items() if state not in OUTSIDE_DENOMINATOR)


def _line(frame: Frame, child: Child) -> dict:
    """One row of the table; the node's own row counts itself alone, so its numbers lead to its own page."""
    organization = child.organization

    def rows(**filters):
        return frame.page_of(organization) if child.is_node else frame.ledger_of(organization, **filters)

    return {
        "name": organization.name,
        "is_node": child.is_node,
        "url": frame.page_of(organization) if child.is_node else frame.dashboard_of(organization),
        **_numbers(child.total, _expected(child.states), child.states, rows),
    }


def _numbers(total: int, expected: int, states: dict[State, int], rows) -> dict:
    """The numbers of a line; `rows(**filters)` is the address of what is counted."""
    return {
        "total": total,
        "total_url": rows(),
        "expected": expected,
        "expected_url": rows(state=EXPECTED),
        "cells": [
            {"number": states[state], "url": rows(state=state.value), "is_alarm": state == State.OVERDUE}
            for state in ORDER
        ],
    }


def _chart_of_states(frame: Frame, summary: Summary) -> dict:
    """Bars of the direct children, those with most overdue on top."""
    below = [child for child in summary.children if not child.is_node]
    below.sort(key=lambda child: [-child.states[state] for state in URGENCY[:3]])
    shown = below[:MOST_BARS]
    return {
        "names": [child.organization.short_name or child.organization.name for child in shown],
        "series": [
            {
                "code": state.value,
                "label": state.label,
                "values": [child.states[state] for child in shown],
                "links": [frame.ledger_of(child.organization, state=state.value) for child in shown],
            }
            for state in ORDER
            if any(child.states[state] for child in shown)
        ],
    }


def _chart_of_months(frame: Frame, ledger: Ledger) -> dict:
    """Organizations by the month of their expiry and by kind, from the month of the day on."""
    months = ledger.months(MONTHS)
    lead = ledger.law.reminder_lead_months.on(frame.on).value
    return {
        "months": [f"{first:%Y-%m}" for first, _ in months],
        # The reminder lead reaches into the month it ends in.
        "lead": lead + 1,
        "lead_words": f"{lead}个月预警期",
        "links": [
            frame.ledger_of(
                frame.node, due_from=first.isoformat(), due_to=month_end(first).isoformat(), sort="expires_on"
            )
            for first, _ in months
        ],
        "series": [
            {"label": kind.label, "values": [numbers[kind] for _, numbers in months]}
            for kind in (Kind.BRANCH, Kind.GENERAL_BRANCH, Kind.COMMITTEE)
            if any(numbers[kind] for _, numbers in months)
        ],
    }
