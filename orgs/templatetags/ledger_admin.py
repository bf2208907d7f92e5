"""What the admin's first page shows beside its menu."""

from django import template

from orgs.admin.history import what_was_done
from orgs.models import AuditEvent

register = template.Library()
LATEST = 10


@register.simple_tag
def own_events(user) -> list[dict]:
    """The latest things this user did, in words, without what they did it to."""
    latest = AuditEvent.objects.filter(actor=user)[:LATEST]
    return [{"at": event.at, "what": what_was_done(event)} for event in latest]
