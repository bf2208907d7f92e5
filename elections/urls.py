"""Addresses of the ledger's screens."""

from django.urls import path

from elections.views.dashboard import dashboard
from elections.views.ledger import ledger, ledger_export
from elections.views.organization import organization
from elections.views.tree import tree

urlpatterns = [
    path("", dashboard, name="dashboard"),
    path("ledger/", ledger, name="ledger"),
    path("ledger/export/", ledger_export, name="ledger_export"),
    path("organizations/<uuid:uid>/", organization, name="organization"),
    path("tree/", tree, name="tree"),
]
