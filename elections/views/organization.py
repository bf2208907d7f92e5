"""An organization's page: its place, state and why, terms, extensions, posts, elections and what stands below."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from elections.ledger import Ledger, Row
from elections.models import Election, Post
from elections.roll import Roll
from elections.states_sql import with_state
from elections.views.addresses import address
from elections.views.answers import answers, calendar
from elections.views.arrangements import Arrangements, leader_facts
from elections.views.desk import menu_of
from elections.views.findings import finding_lines
from elections.views.frame import Frame, frame_at
from elections.views.papers import Papers
from elections.views.people import guest_words, people_column, people_source, people_words
from elections.views.successions import succession_lines
from elections.views.terms import appointment_lines, extension_lines, how_followed, term_lines
from elections.views.verdict import reasons, verdict
from members.headcount import HeadCount
from members.models import Affiliation
from orgs.days import spoken, written
from orgs.enums import Action, Body, Form, Kind, State, Title, UnitType
from orgs.models import Organization, OrganizationChange, Unit
from orgs.scoping import get_visible_or_404
from orgs.wording import NO_DATA, NONE, day_column, day_prose

CHANGED = {"name": "名称", "kind": "组织类别", "form": "组织形式", "unit_type": "单位类别", "parent": "上级党组织"}
LABELS = {"kind": Kind, "form": Form, "unit_type": UnitType}


@login_required
@never_cache
@vary_on_headers("HX-Request")
@require_safe
def organization(request, uid):
    """The page, or the drawer of the ledger when htmx asks for it."""
    found = get_visible_or_404(Organization, user=request.user, uid=uid)
    frame = frame_at(request, found)
    ledger = Ledger(user=request.user, node=found, on=frame.on)
    row = ledger.row_of(found)
    elections = list(Election.objects.visible_to(request.user).filter(organization=found, opened_on__lte=frame.on))
    running = next((each for each in elections if each.kind == "general" and not _closed(each, frame.on)), None)
    lines = finding_lines(
        row,
        law=ledger.law,
        sees_people=request.user.may(Action.READ_PEOPLE, found),
        units=[unit.name for unit in _units(frame)],
    )
    context = {
        "organization": found,
        "findings": lines,
        "in_the_books": row is None or row.in_the_books,
        "verdict": verdict(row),
        "reasons": reasons(row, on=frame.on, law=ledger.law, election=running),
        "place_words": _place_words(frame, row),
        "page_url": frame.page_of(found),
        "rules_url": address("rules", node=found.uid),
        "below_url": frame.ledger_of(found) if _has_children(frame) else "",
    }
    if request.htmx and request.htmx.target == "drawer":
        return render(request, "elections/organization.html#drawer", {**context, "brief": _brief(row)})
    papers = Papers(found, user=request.user)
    arrangements = Arrangements(frame)
    terms = _terms(frame, row, ledger, papers)
    return render(
        request,
        "elections/organization.html",
        {
            **frame.context(),
            **context,
            "facts": _facts(frame, row, arrangements),
            "exists": row is not None,
            "people": _people(row.headcount) if row and row.headcount else [],
            "people_words": people_words(row.headcount) if row else _left_behind(frame),
            "guest_words": guest_words(Roll(user=request.user, node=found, on=frame.on)),
            "terms": terms,
            "answers": answers(
                row,
                on=frame.on,
                law=ledger.law,
                election=running,
                approver=arrangements.approver(),
                followed=how_followed(terms, row) if row else "",
            ),
            "calendar": calendar(row, on=frame.on, law=ledger.law, election=running),
            "extensions": extension_lines(found, user=request.user, on=frame.on, papers=papers),
            "appointments": appointment_lines(found, user=request.user, on=frame.on, papers=papers),
            "posts": _posts(frame) if row and row.in_the_books else [],
            "sees_people": request.user.may(Action.READ_PEOPLE, found),
            "elections": [_election(each) for each in elections],
            "children": _children(frame, ledger) if context["below_url"] else [],
            "changes": succession_lines(found, user=request.user, on=frame.on) + _changes(frame),
            "desk": menu_of(request.user, found),
        },
    )


def _has_children(frame: Frame) -> bool:
    return Organization.objects.visible_to(frame.user).existing(frame.on).filter(parent=frame.node).exists()


def _closed(election: Election, on) -> bool:
    return election.closed_on is not None and election.closed_on <= on


def _place_words(frame: Frame, row: Row | None) -> str:
    words = [frame.node.code, row.kind.label if row else Kind(frame.node.kind).label]
    if frame.ancestors:
        words.append(f"隶属 {frame.ancestors[-1].name}")
    return " · ".join(word for word in words if word)


def _brief(row: Row | None) -> list[tuple[str, str]]:
    """What the drawer tells beside the state."""
    if row is None:
        return []
    return [
        ("书记", row.secretary or (NONE if row.in_the_books else NO_DATA)),
        ("党员数", people_column(row.headcount)),
        ("届次", f"第 {row.ordinal} 届" if row.ordinal else NONE),
        ("任期", f"{row.years} 年" if row.years else NONE),
        ("换届选举日期", day_column(row.elected_on, row.elected_on_precision)),
        ("人数来源", people_source(row.headcount) if row.headcount else NO_DATA),
    ]


def _facts(frame: Frame, row: Row | None, arrangements: Arrangements) -> list[tuple[str, str]]:
    """What the organization is, with the values of the day."""
    node = frame.node
    kind, form = (row.kind, row.form) if row else (Kind(node.kind), Form(node.form))
    unit_type = row.unit_type if row else (UnitType(node.unit_type) if node.unit_type else None)
    facts = [
        *([("当日名称", row.name)] if row and row.name != node.name else []),
        ("统一编码", node.code or NONE),
        ("组织类别", kind.label),
        ("组织形式", form.label),
        ("单位类别", unit_type.label if unit_type else "未填，请补录"),
        ("所在单位", "、".join(unit.name for unit in _units(frame)) or NONE),
        ("上级党组织", frame.ancestors[-1].name if frame.ancestors else NONE),
        *arrangements.facts(),
        ("成立日期", day_prose(node.founded_on, node.founded_on_precision)),
        ("撤销日期", day_prose(node.closed_on)),
        ("备注", node.remark or NONE),
    ]
    if frame.user.may(Action.READ_PEOPLE, node):
        facts += [("联系人", node.contact_name or NONE), ("联系电话", node.contact_phone or NONE), *leader_facts(frame)]
    return facts


def _units(frame: Frame) -> list[Unit]:
    """The units behind it, as far as the user may see them."""
    return list(Unit.objects.visible_to(frame.user).filter(pk__in=frame.node.unit_links.values("unit")))


def _people(count: HeadCount) -> list[tuple[str, str]]:
    known = people_column(count) != NONE
    return [
        ("党员总数", people_column(count)),
        ("正式党员", str(count.full) if known else NONE),
        ("预备党员", str(count.probationary) if known else NONE),
        ("人数未知的党组织", f"{count.unknown} 个"),
    ]


def _left_behind(frame: Frame) -> str:
    """What to say about the people of an organization that does not exist on the day."""
    words = "这一天它尚未成立或已经撤销，不统计党员。"
    if frame.node.closed_on is None or frame.on < frame.node.closed_on:
        return words
    here = Affiliation.objects.visible_to(frame.user).filter(organization=frame.node)
    number = here.regular().holding(frame.on).count()
    return f"{words}仍有 {number} 名党员的组织关系留在这里，未计入任何数字，请尽快转接。" if number else words


def _terms(frame: Frame, row: Row | None, ledger: Ledger, papers: Papers) -> list[dict]:
    """All terms; none of them sits in an organization that does not exist on the day."""
    lines = term_lines(frame.node, user=frame.user, on=frame.on, law=ledger.law, papers=papers)
    return lines if row else [{**line, "is_sitting": False} for line in lines]


def _posts(frame: Frame) -> list[dict]:
    """Who holds a post on the day, in the order names are read out: body by body, the secretary first."""
    posts = Post.objects.visible_to(frame.user).filter(organization=frame.node).holding(frame.on)
    bodies, titles = list(Body), list(Title)
    return [
        {
            "title": post.get_title_display(),
            "name": post.holder_name,
            "body": post.get_body_display(),
            "seat": post.get_seat_display(),
            "since": day_column(post.since),
            "note": "" if post.member_id else "未关联党员",
        }
        for post in sorted(posts.order_by("id"), key=lambda post: (bodies.index(post.body), titles.index(post.title)))
    ]


def _election(election: Election) -> dict:
    return {
        "kind": election.get_kind_display(),
        "body": election.get_body_display(),
        "opened_on": written(election.opened_on),
        "election_day": written(election.election_day) or "未定",
        "closed_on": day_column(election.closed_on),
        "stage": election.get_stage_display(),
    }


def _children(frame: Frame, ledger: Ledger) -> list[dict]:
    """Direct children with their own state and the counts of all under them."""
    below = Organization.objects.visible_to(frame.user).existing(frame.on).filter(parent=frame.node)
    states = {each.pk: each.state for each in with_state(below, on=frame.on, law=ledger.law, fields=["state"])}
    return [
        {
            "name": child.organization.name,
            "kind": Kind(child.organization.kind).label,
            "url": frame.page_of(child.organization),
            "state": State(states[child.organization.pk]),
            "total": child.total,
            "total_url": frame.ledger_of(child.organization),
            "overdue": child.states[State.OVERDUE],
            "overdue_url": frame.ledger_of(child.organization, state=State.OVERDUE.value),
            "due_soon": child.states[State.DUE_SOON],
            "due_soon_url": frame.ledger_of(child.organization, state=State.DUE_SOON.value),
        }
        for child in ledger.summary().children
        if child.organization.pk in states
    ]


def _changes(frame: Frame) -> list[dict]:
    """What was changed up to the day; superiors stay unnamed, since the former one may be outside the user's part."""
    changes = OrganizationChange.objects.visible_to(frame.user).filter(organization=frame.node, on__lte=frame.on)
    changes = changes.filter(field__in=CHANGED)
    return [{"words": _change_words(change), "basis": change.basis} for change in changes.order_by("-on", "-id")]


def _change_words(change: OrganizationChange) -> str:
    field = CHANGED.get(change.field)
    if field is None or change.field == "parent":
        return f"{spoken(change.on)}，{field or '状态'}变更。"
    return f"{spoken(change.on)}，{field}由“{_value(change, change.before)}”改为“{_value(change, change.after)}”。"


def _value(change: OrganizationChange, value: str) -> str:
    if not value:
        return "未填"
    return LABELS[change.field](value).label if change.field in LABELS else value
