"""The page 组织设置: what the organizations of a node are, what their size allows or demands, and who they are."""

from io import BytesIO

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from elections import structure_file
from elections.ledger import PAGE_SIZE
from elections.rules import sizes
from elections.rules.chapters import titles
from elections.rules.sizes import Demand
from elections.structure import NO_TYPE, UNKNOWN, Asked, Cell, Detail, Selection, Structure, Table
from elections.views.addresses import address
from elections.views.frame import Frame, frame_of, without_part
from elections.views.ledger import XLSX
from elections.views.paging import page_links
from elections.views.people import people_words
from elections.views.structure_form import ScopeForm, SelectionForm
from orgs.enums import Form, State
from orgs.wording import NONE

LIST = "#list"


@login_required
@never_cache
@vary_on_headers("HX-Request")
@require_safe
def structure(request):
    """Page or list alone (for htmx) of the node the address names."""
    frame = frame_of(request, screen="structure")
    if frame is None:
        return without_part(request)
    scope, found = _asked_for(request, frame)
    if found.is_too_large:
        return render(request, "elections/structure.html", {**frame.context(), "is_too_large": True})
    form = SelectionForm(request.GET, structure=found)
    form.is_valid()
    screen = Screen(frame, found)
    if request.htmx and request.htmx.target == "list":
        return render(request, "elections/structure.html#rows", screen.rows(form))
    context = {**frame.context(only=found.unit_type, **form.kept()), **screen.tables(), **screen.rows(form)}
    context |= {"scope": scope, "scope_keeps": [("node", frame.node.uid), ("on", frame.on_or_none or "")]}
    return render(request, "elections/structure.html", context)


@login_required
@never_cache
@require_safe
def structure_export(request):
    """All tables and the asked for organizations as an Excel file, with the numbers of the page."""
    frame = frame_of(request, screen="structure")
    if frame is None:
        return without_part(request)
    _, found = _asked_for(request, frame)
    if found.is_too_large:
        return render(request, "elections/structure.html", {**frame.context(), "is_too_large": True})
    form = SelectionForm(request.GET, structure=found)
    form.is_valid()
    return FileResponse(
        BytesIO(structure_file.xlsx(found, form.selection(), form.words(Screen(frame, found).words))),
        as_attachment=True,
        filename=f"{frame.node.name}组织设置{frame.on:%Y%m%d}.xlsx",
        content_type=XLSX,
    )


def _asked_for(request, frame: Frame) -> tuple[ScopeForm, Structure]:
    scope = ScopeForm(request.GET)
    scope.is_valid()
    only = scope.cleaned_data.get("only") or None
    return scope, Structure(user=frame.user, node=frame.node, on=frame.on, unit_type=only)


class Screen:
    """The structure in the words of the page: every number with the address of the rows behind it."""

    def __init__(self, frame: Frame, found: Structure):
        self.frame = frame
        self.found = found
        self.uid_of = {each.path: each.uid for each in found.places}

    def words(self, demand: Demand, *, short: bool = False) -> str:
        """The demand with the number of the day."""
        return sizes.words(demand, self.found.law, self.found.on, short=short)

    def address(self, selection: Selection | None = None, *, name: str = "structure", **more) -> str:
        """The address of this page with a selection; in the same scope."""
        asked = selection or Selection()
        return address(
            name,
            node=self.frame.node.uid,
            on=self.frame.on_or_none,
            only=self.found.unit_type,
            kind=asked.kind and asked.kind.value,
            band=asked.band,
            full=asked.full_band,
            unit_type=asked.unit_type,
            place=self.uid_of.get(asked.place),
            demand=asked.demand,
            **more,
        )

    def tables(self) -> dict:
        """Everything above the list."""
        found, frame = self.found, self.frame
        by_type, by_place = found.by_unit_type(), found.by_place()
        return {
            "total": len(found.lines),
            "outside": found.outside,
            # The ledger cannot be asked for organizations without a registered unit type.
            "outside_url": ""
            if found.unit_type == NO_TYPE
            else frame.ledger_of(frame.node, state=State.NO_TERM.value, unit_type=found.unit_type),
            "unknown": sum(1 for line in found.lines if line.band == UNKNOWN),
            "unknown_url": self.address(Selection(band=UNKNOWN)) + LIST,
            "by_kind": self._table(found.by_kind()),
            "by_full": self._table(found.by_full_members()),
            "asked": [self._asked(each) for each in found.asked()],
            "by_type": self._table(
                by_type,
                lambda row: address("structure", node=frame.node.uid, on=frame.on_or_none, only=row.key),
            ),
            "by_place": self._table(by_place, lambda row: frame.screen_of(row.key), node=frame.node),
            "all_url": address("structure", node=frame.node.uid, on=frame.on_or_none),
        }

    def _table(self, table: Table, url_of=None, node=None) -> dict:
        return {
            "columns": table.columns,
            "rows": [
                {
                    "label": row.label,
                    "is_node": node is not None and row.key == node,
                    "url": url_of(row) if url_of and row.key != node else "",
                    "cells": [self._cell(cell) for cell in row.cells],
                }
                for row in table.rows
            ],
            "total": {"label": table.total.label, "cells": [self._cell(cell) for cell in table.total.cells]},
        }

    def _cell(self, cell: Cell) -> dict:
        return {
            "number": cell.number,
            "url": self.address(cell.selection) + LIST if cell.number else "",
            "share": cell.share if cell.number else "",
            "fraction": f"{cell.number:,}/{cell.of:,} = {cell.share}" if cell.of else NONE,
        }

    def _asked(self, asked: Asked) -> dict:
        entries = sizes.entries(asked.demand, self.found.law, self.found.on)
        return {
            "label": asked.label,
            "number": asked.of_all.number,
            "is_tested": asked.of_all.of is not None,
            "of_all": self._cell(asked.of_all),
            "of_like": self._cell(asked.of_like),
            "like": asked.reach.label,
            "sources": self._sources(entries),
        }

    def _sources(self, entries) -> list[dict]:
        page = address("rules", node=self.frame.node.uid)
        return [
            {"citation": citation, "label": entry.label, "url": f"{page}#{self._anchors[id(entry)]}"}
            for citation, entry in {entry.citation: entry for entry in reversed(entries)}.items()
        ][::-1]

    @property
    def _anchors(self) -> dict[int, str]:
        if not hasattr(self, "_titles"):
            self._titles = titles(self.found.law)
        return self._titles

    def rows(self, form: SelectionForm) -> dict:
        """The list: the page of organizations that the form asks for."""
        selection = form.selection()
        page = Paginator(self.found.select(selection), PAGE_SIZE).get_page(form.cleaned_data.get("page") or 1)
        names = {each.path: each.short_name or each.name for each in self.found.places}
        asked = form.words(self.words)
        count = page.paginator.count
        return {
            "asked_words": asked,
            "clear_url": self.address() + LIST if asked else "",
            "export_url": self.address(selection, name="structure_export"),
            "rows": [
                self._row(detail, names.get(detail.line.place, NONE))
                for detail in self.found.details(list(page.object_list))
            ],
            "page_words": f"共 {count} 个党组织，第 {page.start_index()}–{page.end_index()} 个",
            "pages": page_links(page, lambda number: self.address(selection, page=number) + LIST),
            "form_errors": [error for errors in form.errors.values() for error in errors],
        }

    def _row(self, detail: Detail, place: str) -> dict:
        line, count = detail.line, detail.line.headcount
        is_known = line.band != UNKNOWN
        return {
            "url": self.frame.page_of(detail.organization),
            "name": detail.name,
            "kind": line.kind.label,
            "form": line.form.label if line.form != Form.ORDINARY else "",
            "unit_type": line.unit_type.label if line.unit_type else NONE,
            "place": place,
            "total": count.total if is_known else NONE,
            "full": count.full if is_known else NONE,
            "basis": count.basis.label,
            "basis_words": people_words(count),
            "demands": [
                {"label": self.words(demand), "sources": self._sources(finding.entries)}
                for demand, finding in detail.findings.items()
            ],
        }
