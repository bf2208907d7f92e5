"""How addresses of screens are put together."""

from urllib.parse import urlencode

from django.urls import reverse


def address(name: str, *args, **params) -> str:
    """The address of a screen; parameters that are empty are left out, lists repeat."""
    kept = [(key, value) for key, value in params.items() if value not in (None, "", (), [])]
    query = urlencode(kept, doseq=True)
    return reverse(name, args=args) + (f"?{query}" if query else "")
