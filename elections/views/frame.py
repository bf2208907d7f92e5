"""What every screen of the ledger stands in: the user's node, the as-of day, the way there, the tree beside it."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from elections.views.addresses import address
from elections.views.as_of import band, time_links
from elections.views.branches import branches
from orgs import paths
from orgs.days import FIRST_DAY, LAST_DAY
from orgs.enums import Action
from orgs.models import Organization
from orgs.scoping import NOT_FOUND, get_visible_or_404

# Screens that an organization's own address shows.
OF_ONE = ("organization", "roll")


class PlaceForm(forms.Form):
    """Node and as-of day in an address; both may be missing."""

    node = forms.UUIDField(required=False)
    on = forms.DateField(required=False)

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on and not FIRST_DAY <= on <= LAST_DAY:
            raise forms.ValidationError("超出范围")
        return on


@dataclass(frozen=True)
class Frame:
    """One node on one day as one user sees it; `screen` is the name of the address that shows it."""

    user: object
    node: Organization
    on: date
    today: date
    screen: str

    @property
    def on_or_none(self) -> str | None:
        """The day as an address carries it: nothing for today, so that a kept link stays up to date."""
        return None if self.on == self.today else self.on.isoformat()

    @property
    def day_query(self) -> str:
        """The day as the links of the top bar carry it."""
        return "" if self.on == self.today else f"?on={self.on.isoformat()}"

    def screen_of(self, organization: Organization) -> str:
        """The same screen for another organization."""
        if self.screen == "roll" and self.user.may(Action.READ_PEOPLE, organization):
            return address("roll", organization.uid, on=self.on_or_none)
        if self.screen in OF_ONE:
            return self.page_of(organization)
        return address(self.screen, node=organization.uid, on=self.on_or_none)

    def page_of(self, organization: Organization) -> str:
        """The organization's own page."""
        return address("organization", organization.uid, on=self.on_or_none)

    def dashboard_of(self, organization: Organization) -> str:
        """The counts under an organization."""
        return address("dashboard", node=organization.uid, on=self.on_or_none)

    def ledger_of(self, organization: Organization, **filters) -> str:
        """The rows under an organization that the filters leave."""
        return address("ledger", node=organization.uid, on=self.on_or_none, **filters)

    def findings_of(self, organization: Organization, **filters) -> str:
        """How many of these rows have which finding."""
        return address("findings", node=organization.uid, on=self.on_or_none, **filters)

    def export_of(self, organization: Organization, **filters) -> str:
        """The same rows as a file."""
        return address("ledger_export", node=organization.uid, on=self.on_or_none, **filters)

    @cached_property
    def ancestors(self) -> list[Organization]:
        """What the node stands under, the outermost first, as far as the user may see it."""
        above = Organization.objects.visible_to(self.user).filter(path__in=paths.ancestors_of(self.node.path))
        return list(above.order_by("path"))

    def context(self, **keeps) -> dict:
        """What base.html, the tree and the title row need; `keeps` are parameters a change of day must not lose."""
        on_page = self.screen in OF_ONE
        keeps = keeps if on_page else {"node": self.node.uid, **keeps}
        args = (self.node.uid,) if on_page else ()
        today_url = address(self.screen, *args, **keeps)
        return {
            "node": self.node,
            "on": self.on,
            "is_today": self.on == self.today,
            "today_url": today_url,
            "band": band(self.node, on=self.on, today=self.today, today_url=today_url),
            "time_links": time_links(self.node, self.on_or_none, self.screen),
            "day_query": self.day_query,
            "as_of_keeps": [
                (name, each)
                for name, value in keeps.items()
                for each in (value if isinstance(value, list | tuple) else [value])
                if each not in (None, "")
            ],
            "crumbs": [{"name": each.name, "url": self.screen_of(each)} for each in self.ancestors],
            "tree": branches(self),
            "tree_url": address("tree", screen=self.screen, on=self.on_or_none),
        }


def frame_of(request, *, screen: str) -> Frame | None:
    """The frame that the address asks for, the user's own part without one; None for a user without any part.

    Http404 for a node outside the user's part; a day that is none is told and taken as today.
    """
    place = PlaceForm(request.GET)
    if not place.is_valid() and "node" in place.errors:
        raise Http404(NOT_FOUND)
    if wanted := place.cleaned_data.get("node"):
        node = get_visible_or_404(Organization, user=request.user, uid=wanted)
    else:
        own = request.user.own_paths()
        node = Organization.objects.visible_to(request.user).filter(path__in=own).order_by("path").first()
    return node and Frame(
        user=request.user, node=node, on=day_of(request, place), today=timezone.localdate(), screen=screen
    )


def frame_at(request, organization: Organization, *, screen: str = "organization") -> Frame:
    """The frame of an organization's own page, or of another of the screens `OF_ONE`."""
    place = PlaceForm(request.GET)
    place.is_valid()
    return Frame(
        user=request.user,
        node=organization,
        on=day_of(request, place),
        today=timezone.localdate(),
        screen=screen,
    )


def day_of(request, place: PlaceForm) -> date:
    """The as-of day of a checked form, today without one."""
    if "on" in place.errors:
        messages.warning(request, "数据截至日期无效，已按今天显示。请按“2026-11-21”的样式填写。")
    return place.cleaned_data.get("on") or timezone.localdate()


def without_part(request):
    """The page of a user who has no right to any part of the tree; an empty installation is begun from it."""
    is_empty = request.user.is_superuser and not Organization.everything.exists()
    return render(request, "elections/no_part.html", {"is_empty": is_empty})
