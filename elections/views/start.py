"""The first days (启用向导): how far each street is and where its next step is done."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from elections.start import FirstDays, Missing, Start, Step, Unit
from elections.views.addresses import address
from elections.views.frame import Frame, frame_of, without_part
from orgs.enums import Action, RosterKind, State
from orgs.wording import NONE

# The roster that brings a step forward.
ROSTERS = {
    Step.ORGANIZATIONS: RosterKind.ORGANIZATIONS,
    Step.TERMS: RosterKind.TERMS,
    Step.MEMBERS: RosterKind.MEMBERS,
    Step.COMMITTEE: RosterKind.COMMITTEE,
}
# Who takes a step that the reader may not.
OTHERS = {Step.ACCOUNTS: "请系统管理员、安全管理员开通", Step.BOOKS: "请经办人员设置"}


@login_required
@never_cache
@require_safe
def start(request):
    """The steps of the whole, and a line for each unit under the node that the address names."""
    frame = frame_of(request, screen="start")
    if frame is None:
        return without_part(request)
    days = FirstDays(user=request.user, node=frame.node, on=timezone.localdate())
    found = days.read()
    columns = [step for step in Step if any(step in unit.measures for unit in found.units)]
    return render(
        request,
        "elections/start.html",
        {
            **frame.context(),
            "band": None,  # the first days are always today's
            "heads": _heads(frame, found) if days.is_many else [],
            "columns": columns,
            "lines": [_line(frame, unit, columns) for unit in found.units],
            "is_finished": found.is_finished,
            "finished": sum(unit.next_step is None for unit in found.units),
            "lists": _lists(frame, found),
            "dashboard_url": frame.dashboard_of(frame.node),
        },
    )


def _heads(frame: Frame, found: Start) -> list[dict]:
    """The steps of the whole: the root, its units, their accounts, the first day of the books."""
    user, node, units = frame.user, frame.node, found.units
    with_accounts = [unit.measures[Step.ACCOUNTS] for unit in units if Step.ACCOUNTS in unit.measures]
    heads = [
        {"label": "最上级党组织" if node.parent_id is None else "本级党组织", "note": node.name, "is_done": True},
        {
            "label": "街道、党（工）委",
            "note": f"已建 {len(units)} 个" if units else "还没有建立",
            "is_done": bool(units),
            "action": _roster_action(node, RosterKind.ORGANIZATIONS) if user.may(Action.EDIT, node) else None,
            "other": "请经办人员导入或新增",
        },
    ]
    if with_accounts:
        opened = sum(measure.is_done for measure in with_accounts)
        heads.append(
            {
                "label": Step.ACCOUNTS.label,
                "note": f"{opened}/{len(with_accounts)} 个单位已开通",
                "is_done": opened == len(with_accounts),
                "action": _account_action(user, node, has_account=False),
                "other": OTHERS[Step.ACCOUNTS],
            }
        )
    dated = sum(unit.books_since is not None for unit in units)
    heads.append(
        {
            "label": Step.BOOKS.label,
            "note": f"{dated}/{len(units)} 个单位已设置" if units else "先建立单位",
            "is_done": bool(units) and dated == len(units),
            "action": _books_action(user, node),
            "other": OTHERS[Step.BOOKS],
        }
    )
    for number, head in enumerate(heads, 1):
        head["number"] = number
    return heads


def _line(frame: Frame, unit: Unit, columns: list[Step]) -> dict:
    organization, step = unit.organization, unit.next_step
    return {
        "name": organization.name,
        "url": frame.screen_of(organization),
        "is_here": organization.pk == frame.node.pk,
        "cells": [_cell(frame, unit, column) for column in columns],
        "done": unit.done,
        "total": len(unit.measures),
        "is_done": step is None,
        "next": step and _action(frame, unit, step),
        "other": step and OTHERS.get(step, "请经办人员办理"),
        "step": step and step.label,
    }


def _cell(frame: Frame, unit: Unit, step: Step) -> dict | None:
    """What a step of a unit says: a number, a note under it, and the rows that are still missing."""
    measure, organization = unit.measures.get(step), unit.organization
    if measure is None:
        return None
    cell = {"is_done": measure.is_done, "text": f"{measure.there}/{measure.due}", "note": "", "url": ""}
    if step == Step.ACCOUNTS:
        cell["text"] = f"{measure.there} 个" if measure.there else "未开通"
    elif step == Step.ORGANIZATIONS:
        cell["text"] = f"{unit.below} 个" if unit.below else "未导入"
        cell["note"] = _source(unit)
        cell["url"] = frame.ledger_of(organization) if unit.below else ""
    elif step == Step.TERMS and measure.missing:
        cell["note"] = f"{State.NO_DATA.label} {measure.missing}"
        cell["url"] = frame.ledger_of(organization, state=State.NO_DATA.value)
    elif step == Step.MEMBERS:
        cell["note"] = f"最近 {unit.members_on}" if unit.members_on else ""
        cell["url"] = frame.screen_of(organization) if measure.missing else ""
    elif step == Step.COMMITTEE and measure.missing:
        cell["url"] = frame.screen_of(organization)
    elif step == Step.BOOKS:
        cell["text"] = str(unit.books_since) if unit.books_since else "未设置"
    if step in (Step.TERMS, Step.MEMBERS, Step.COMMITTEE) and not measure.due:
        cell["text"] = NONE
    return cell


def _source(unit: Unit) -> str:
    """Which roster brought the organizations, and who uploaded it where that may be seen."""
    if unit.roster is not None:
        return f"{unit.roster.on} {unit.roster.uploaded_by.get_full_name()}导入"
    if unit.is_imported:
        return "由名册导入"
    return "逐个登记" if unit.below else ""


def _action(frame: Frame, unit: Unit, step: Step) -> dict | None:
    """Where the user takes the step; None when it is not theirs."""
    user, organization = frame.user, unit.organization
    if step == Step.ACCOUNTS:
        return _account_action(user, organization, has_account=unit.accounts > 0)
    if not user.may(Action.EDIT, organization):
        return None
    if step == Step.BOOKS:
        return _books_action(user, organization)
    if step == Step.TERMS and unit.measures[step].there:
        # Some are known: the rest is a list to work through.
        return {"label": "补录届次", "url": frame.ledger_of(organization, state=State.NO_DATA.value)}
    return _roster_action(organization, ROSTERS[step])


def _roster_action(organization, kind: RosterKind) -> dict:
    return {"label": f"导入{kind.label}", "url": address("imports", node=organization.uid, kind=kind.value)}


def _account_action(user, organization, *, has_account: bool) -> dict | None:
    """The admin's page for a right where an account waits for one, else for a new account; None without the admin."""
    if not user.is_staff:
        return None
    may_open, may_give = (user.may(each, organization) for each in (Action.MANAGE_ACCOUNTS, Action.MANAGE_GRANTS))
    if may_give and (has_account or not may_open):
        return {"label": "授权", "url": address("admin:orgs_grant_add", organization=organization.uid)}
    if may_open:
        return {"label": "开通账号", "url": address("admin:orgs_user_add", organization=organization.uid)}
    return None


def _books_action(user, node) -> dict | None:
    if not user.may(Action.EDIT, node):
        return None
    return {"label": "设置建账日", "url": address("openings", node=node.uid)}


def _lists(frame: Frame, found: Start) -> list[dict]:
    """Of one unit the organizations that lack a roster or a committee, by name."""
    lists = [
        ("还没有确认党员花名册的党支部", found.without_members, RosterKind.MEMBERS),
        ("还没有登记班子成员的党组织", found.without_committee, RosterKind.COMMITTEE),
    ]
    may_see_people = frame.user.may(Action.READ_PEOPLE, frame.node)
    return [
        _list(frame, heading, missing, kind)
        for heading, missing, kind in lists
        if missing is not None and missing.number and (kind != RosterKind.COMMITTEE or may_see_people)
    ]


def _list(frame: Frame, heading: str, missing: Missing, kind: RosterKind) -> dict:
    may_edit = frame.user.may(Action.EDIT, frame.node)
    return {
        "heading": heading,
        "number": missing.number,
        "more": missing.number - len(missing.names),
        "names": [{"name": each.name, "url": frame.page_of(each)} for each in missing.names],
        "action": _roster_action(frame.node, kind) if may_edit else None,
    }
