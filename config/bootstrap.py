"""Builds the virtual environment on a fresh machine."""


def ensure() -> None:
    """Placeholder until the environment builder stands."""
