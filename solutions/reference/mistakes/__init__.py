"""Catalogued mistakes, one module a chapter; importing fills the catalogue."""

from reference.catalogue import MISTAKES
from reference.mistakes import lstm

__all__ = ["MISTAKES", "lstm"]
