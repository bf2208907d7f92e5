"""Who acts when a command on the server names no user."""

from orgs.enums import Action
from orgs.models import Organization


class ServerShell:
    """Whoever runs a command on the server without naming a user: they hold the database anyway."""

    pk = None

    def paths_allowing(self, action: Action) -> tuple[str, ...]:
        """The whole of every tree."""
        return tuple(Organization.objects.roots().values_list("path", flat=True))

    def own_paths(self) -> tuple[str, ...]:
        """The same: nothing is only looked at."""
        return self.paths_allowing(Action.READ)

    def may(self, action: Action, organization) -> bool:
        """Everything."""
        return True
