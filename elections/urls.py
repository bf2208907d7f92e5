"""Addresses of the ledger's screens."""

from django.urls import path

from elections.views.batches import (
    import_batch,
    import_check,
    import_close,
    import_columns,
    import_confirm,
    import_undo,
)
from elections.views.choices import import_choices
from elections.views.comparison import comparison, comparison_export
from elections.views.dashboard import dashboard
from elections.views.desk import operation, operation_undo, operations, task
from elections.views.duplicates import duplicates
from elections.views.finding_counts import finding_counts
from elections.views.freezes import freeze, freezes
from elections.views.history import history
from elections.views.imports import import_template, imports
from elections.views.ledger import ledger, ledger_export
from elections.views.marked import import_marked
from elections.views.on_time import on_time
from elections.views.openings import openings
from elections.views.organization import organization
from elections.views.roll import roll
from elections.views.rules import rules
from elections.views.samples import import_sample
from elections.views.scans import scan, scan_withdraw, scans
from elections.views.start import start
from elections.views.structure import structure, structure_export
from elections.views.tree import tree

urlpatterns = [
    path("", dashboard, name="dashboard"),
    path("ledger/", ledger, name="ledger"),
    path("findings/", finding_counts, name="findings"),
    path("ledger/export/", ledger_export, name="ledger_export"),
    path("organizations/<uuid:uid>/", organization, name="organization"),
    path("organizations/<uuid:uid>/roll/", roll, name="roll"),
    path("organizations/<uuid:uid>/tasks/<slug:code>/", task, name="task"),
    path("organizations/<uuid:uid>/operations/", operations, name="operations"),
    path("organizations/<uuid:uid>/history/", history, name="history"),
    path("operations/<uuid:uid>/", operation, name="operation"),
    path("operations/<uuid:uid>/undo/", operation_undo, name="operation_undo"),
    path("scans/<slug:record>/<uuid:uid>/", scans, name="scans"),
    path("scans/<uuid:uid>/", scan, name="scan"),
    path("scans/<uuid:uid>/withdraw/", scan_withdraw, name="scan_withdraw"),
    path("duplicates/", duplicates, name="duplicates"),
    path("start/", start, name="start"),
    path("structure/", structure, name="structure"),
    path("structure/export/", structure_export, name="structure_export"),
    path("imports/", imports, name="imports"),
    path("imports/templates/<slug:kind>/", import_template, name="import_template"),
    path("imports/samples/<uuid:uid>/", import_sample, name="import_sample"),
    path("imports/<uuid:uid>/", import_batch, name="import_batch"),
    path("imports/<uuid:uid>/choices/<str:subject>/", import_choices, name="import_choices"),
    path("imports/<uuid:uid>/confirm/", import_confirm, name="import_confirm"),
    path("imports/<uuid:uid>/undo/", import_undo, name="import_undo"),
    path("imports/<uuid:uid>/check/", import_check, name="import_check"),
    path("imports/<uuid:uid>/columns/", import_columns, name="import_columns"),
    path("imports/<uuid:uid>/close/", import_close, name="import_close"),
    path("imports/<uuid:uid>/marked/", import_marked, name="import_marked"),
    path("openings/", openings, name="openings"),
    path("comparison/", comparison, name="comparison"),
    path("freezes/", freezes, name="freezes"),
    path("freezes/<uuid:uid>/", freeze, name="freeze"),
    path("comparison/export/", comparison_export, name="comparison_export"),
    path("on-time/", on_time, name="on_time"),
    path("rules/", rules, name="rules"),
    path("tree/", tree, name="tree"),
]
