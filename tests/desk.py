"""Doing tasks of the desk without pages: fill in, check, confirm, undo."""

from elections.desk import doing
from elections.desk.registry import BY_CODE
from elections.desk.task import Request
from orgs.models import Operation, Organization


def asked(code: str, organization, by, /, **sent) -> Request:
    """The request that a valid form with the values `sent` (uids and text, as a browser sends them) makes."""
    task = BY_CODE[code]
    place = Organization.objects.get(pk=organization.pk)
    form = task.form_class(sent, initial=task.initial(place), organization=place, user=by)
    assert form.is_valid(), form.errors.as_json()
    return Request(place, by, form.cleaned_data)


def checked(code: str, organization, by, /, **sent) -> doing.Outlook:
    """What the check page shows."""
    return doing.outlook(BY_CODE[code], asked(code, organization, by, **sent), sent=str(sent))


def done(code: str, organization, by, /, **sent) -> Operation:
    """The operation after checking and confirming."""
    token = checked(code, organization, by, **sent).token
    return doing.do(BY_CODE[code], asked(code, organization, by, **sent), sent=str(sent), token=token)


def undone(operation: Operation, by) -> Operation:
    """The operation taken back."""
    return doing.take_back(operation, by=by)
