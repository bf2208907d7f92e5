"""What a browser finds in a page: links, forms with their values, buttons; without a browser."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit


@dataclass
class Form:
    """A form: where it goes, how, and what it would send; `buttons` are its named submit buttons."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    # Whether it has a button at all: one without, as of a page for reading only, cannot be sent.
    is_sendable: bool = False

    def data(self, **changed) -> dict[str, list[str]]:
        """What it sends, with some values changed."""
        return {**self.values, **changed}


class Page(HTMLParser):
    """The links and forms of one page."""

    def __init__(self, url: str, html: str):
        super().__init__()
        self.url = url
        self.links: list[str] = []
        # Addresses that scripts load into the page.
        self.fragments: list[str] = []
        self.forms: list[Form] = []
        self._ids: set[str] = set()
        self._anchors: set[str] = set()
        self._form: Form | None = None
        self._select: str | None = None
        self._textarea: str | None = None
        self.feed(html)

    @property
    def lost_anchors(self) -> set[str]:
        """Places on the page that a link names and that are not there."""
        return self._anchors - self._ids - {""}

    def parameters(self) -> set[str]:
        """The names that links and GET forms of the page to this very address carry, for asking it in other ways."""
        here = urlsplit(self.url).path
        names = set()
        for link in (*self.links, *self.fragments):
            if urlsplit(link).path == here:
                names |= {name for name, _ in parse_qsl(urlsplit(link).query, keep_blank_values=True)}
        for form in self.forms:
            if form.method == "get" and urlsplit(form.action).path == here:
                names |= set(form.values)
        return names

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self._ids.add(found.get("id"))
        for attribute in ("href", "src"):
            target = found.get(attribute) or ""
            if target.startswith("#"):
                self._anchors.add(target[1:])
            elif target and not target.startswith("data:"):
                self.links.append(urljoin(self.url, target))
        if found.get("hx-get"):
            self.fragments.append(urljoin(self.url, found["hx-get"]))
        if tag == "form":
            self._form = Form(urljoin(self.url, found.get("action") or self.url), found.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag == "input":
            self._input(found)
        elif tag == "button" and self._form and found.get("type", "submit") == "submit":
            self._form.is_sendable = True
            if found.get("name"):
                self._form.buttons.append((found["name"], found.get("value") or ""))
        elif tag == "select":
            self._select = found.get("name")
            if self._select and self._form:
                self._form.values.setdefault(self._select, [])
        elif tag == "option" and self._select and self._form:
            if "selected" in found or not self._form.values.get(self._select):
                self._form.values[self._select] = [found.get("value") or ""]
        elif tag == "textarea" and found.get("name") and self._form:
            self._textarea = found["name"]
            self._form.values[self._textarea] = [""]

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._textarea = None

    def handle_data(self, data):
        if self._textarea and self._form:
            self._form.values[self._textarea] = [self._form.values[self._textarea][0] + data]

    def _input(self, found):
        form, name, kind = self._form, found.get("name"), found.get("type", "text")
        if form is not None and kind in ("submit", "image"):
            form.is_sendable = True
        if form is None or not name:
            return
        if kind == "file":
            form.files.append(name)
        elif kind in ("submit", "image"):
            form.buttons.append((name, found.get("value") or ""))
        elif kind in ("checkbox", "radio"):
            if "checked" in found:
                form.values.setdefault(name, []).append(found.get("value") or "on")
        else:
            form.values.setdefault(name, []).append(found.get("value") or "")
