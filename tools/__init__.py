"""Runnable tools behind the counter-trafficking practitioner guides."""

from __future__ import annotations

__version__ = "0.3.0"

__all__ = ["__version__", "assess", "load", "record"]


def __getattr__(name: str) -> object:
    """Give the public functions on first use, so that ``import tools`` stays light."""
    if name == "load":
        from tools.surfaces.widget import load

        return load
    if name == "assess":
        from tools.instruments.assessment import assess

        return assess
    if name == "record":
        from tools.instruments import record

        return record
    raise AttributeError(f"module 'tools' has no attribute {name!r}")
