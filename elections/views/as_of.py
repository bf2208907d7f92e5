"""The band above a page that does not show today: which day it shows, what that means, and what has no data yet."""

from datetime import date

from django.urls import reverse

from elections.models import Freeze
from elections.views.addresses import address
from orgs.days import spoken
from orgs.models import Organization
from orgs.opening import own_and_below

PAST, FUTURE = "历史时点", "未来时点"
TREE = "党组织按现行隶属关系和名称分组，台账各行的名称、类别按当日。"
# The ways to look at other days of a node: label, icon, screen.
SCREENS = (
    ("时点对比", "arrow-left-right", "comparison"),
    ("结账", "journal-check", "freezes"),
    ("建账日", "calendar-check", "openings"),
)
# Up to so many days of units below are told one by one.
MOST_DAYS = 3


def band(node: Organization, *, on: date, today: date, today_url: str = "") -> dict | None:
    """What partials/as_of_band.html says over the page of `node` on the day; None on the page of today."""
    if on == today:
        return None
    if on > today:
        words = f"按现已登记的情况推算{spoken(on)}的状态，今后的选举、延期和任免未计入。{TREE}"
        return {"label": FUTURE, "icon": "calendar2-plus", "words": words, "books": "", "today_url": today_url}
    words = f"按现已登记的情况反映{spoken(on)}，补录和更正已计入。{TREE}"
    return {
        "label": PAST,
        "icon": "clock-history",
        "words": words,
        "books": books_words(node, on),
        "closed_url": _closed_url(node, on),
        "today_url": today_url,
    }


def _closed_url(node: Organization, on: date) -> str:
    """The ledger of this node and day as it was closed; empty when it was not."""
    uid = Freeze.objects.in_force().filter(organization=node, on=on).values_list("uid", flat=True).first()
    return reverse("freeze", args=[uid]) if uid else ""


def books_words(node: Organization, on: date) -> str:
    """Why people and findings read 无数据 and comparisons —: which 建账日 is after the day; empty when none is."""
    own, below = own_and_below(node)
    if own and on < own:
        return f"建账日为{spoken(own)}，早于建账日的党员、班子和有关提示为“无数据”，对比为“—”；任期和状态不受影响。"
    late = sorted({day for day in below if on < day})
    if not late:
        return ""
    days = "、".join(spoken(day) for day in late[:MOST_DAYS]) + ("等" if len(late) > MOST_DAYS else "")
    return f"下级有单位的建账日为{days}，晚于这一天，其党员、班子和有关提示为“无数据”；任期和状态不受影响。"


def time_links(node: Organization, on: str | None, current: str) -> list[dict]:
    """The screens of `SCREENS` for a node, with the day kept."""
    return [
        {
            "label": label,
            "icon": icon,
            "url": address(screen, node=node.uid, on=on),
            "is_current": screen == current,
        }
        for label, icon, screen in SCREENS
    ]
