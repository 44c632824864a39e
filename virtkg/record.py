"""Records: frozen, slotted dataclasses that are cheap to define.

`dataclass` writes and compiles comparison, hash and representation anew for
each class, which is half of its cost (0.25 of 0.5 ms); some forty classes lie
on the way of every `virtkg ask`. Here all classes share the three.

Knows: nothing of what a record holds. Must not know: any record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar, dataclass_transform

_Class = TypeVar("_Class", bound=type)


@dataclass_transform(frozen_default=True)
def record(class_: _Class) -> _Class:
    """Make a class a frozen, slotted dataclass; equal when of one class and with equal fields."""
    made: Any = dataclass(frozen=True, slots=True, eq=False, repr=False)(class_)
    made.__eq__, made.__hash__, made.__repr__ = _equal, _hash, _represent
    result: _Class = made
    return result


def _values(self: Any) -> tuple[Any, ...]:
    return tuple(getattr(self, name) for name in self.__match_args__)


def _equal(self: Any, other: object) -> bool:
    return type(self) is type(other) and _values(self) == _values(other)


def _hash(self: Any) -> int:
    return hash((type(self).__name__, *_values(self)))


def _represent(self: Any) -> str:
    fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
    return f"{type(self).__qualname__}({fields})"
