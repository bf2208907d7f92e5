"""Every address of the resolver, and the values that may stand in it."""

import re
from dataclasses import dataclass

from django.urls import URLResolver, get_resolver

PLACE = re.compile(r"<(?:\w+:)?(?P<converter>\w+)>|\(\?P<(?P<group>\w+)>[^)]*\)")


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver: its route as text, its name with the namespace, its parameters in order."""

    route: str
    name: str
    parameters: tuple[str, ...]

    @property
    def key(self) -> str:
        """What it is known by: its name (`admin:model:<page>` for a model's pages in the admin), else its route."""
        if not self.name:
            return self.route
        model = re.fullmatch(r"admin:(orgs|members|elections)_[a-z]+_(?P<page>\w+)", self.name)
        return f"admin:model:{model['page']}" if model else self.name

    @property
    def model(self) -> str | None:
        """The label of the model whose page in the admin it is, e.g. `orgs.unit`."""
        found = re.match(r"admin/(orgs|members|elections)/([a-z]+)/", self.route)
        return f"{found[1]}.{found[2]}" if found else None

    def path(self, values: dict[str, str]) -> str:
        """The path with `values` for its parameters."""
        text = PLACE.sub(lambda place: str(values[place["converter"] or place["group"]]), self.route)
        return "/" + text.replace("^", "").replace("$", "")


def all_addresses() -> list[Address]:
    """The addresses of the whole project, in the order of the resolver."""
    return list(_walk(get_resolver(), "", ()))


def _walk(resolver, prefix, namespaces):
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inside = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern, route, inside)
        else:
            name = ":".join([*namespaces, pattern.name]) if pattern.name else ""
            parameters = tuple(place["converter"] or place["group"] for place in PLACE.finditer(route))
            yield Address(route, name, parameters)
