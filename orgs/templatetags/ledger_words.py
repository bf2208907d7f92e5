"""How states and dates read on screens."""

from django import template
from django.utils.html import format_html

from orgs.days import spoken
from orgs.enums import State

register = template.Library()

STATE_ICONS = {
    State.OVERDUE: "exclamation-octagon-fill",
    State.DUE_SOON: "hourglass-split",
    State.IN_ELECTION: "arrow-repeat",
    State.EXTENDED: "pause-circle-fill",
    State.IN_TERM: "check-circle-fill",
    State.NO_DATA: "question-circle-fill",
    State.AWAITING_FIRST: "flag-fill",
    State.NO_TERM: "dash-circle",
    State.NOT_EXISTING: "archive",
}
_BADGES = {
    state: format_html(
        '<span class="hj-state hj-state-{}"><i class="bi bi-{}" aria-hidden="true"></i>{}</span>',
        state.value,
        icon,
        state.label,
    )
    for state, icon in STATE_ICONS.items()
}
_ICONS = {
    state: format_html('<i class="bi bi-{} hj-fill-{}" aria-hidden="true"></i>', icon, state.value)
    for state, icon in STATE_ICONS.items()
}


@register.simple_tag
def state_badge(state):
    """The state as icon and word on its tint; `state` is a State or its code."""
    return _BADGES[State(state)]


@register.simple_tag
def state_icon(state):
    """The icon of a state alone, in its fill; a word has to stand beside it."""
    return _ICONS[State(state)]


register.simple_tag(spoken)
