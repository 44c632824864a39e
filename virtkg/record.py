"""Records: frozen, slotted dataclasses that are cheap to define.

`dataclass` writes and compiles five methods anew for each class, 0.5 ms; some
hundred classes lie on the way of every `virtkg ask`, which uses a fifth of
them. Here all classes share their methods, except for the constructor, which
is written when the first record of a class is made.

Knows: nothing of what a record holds. Must not know: any record.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar, dataclass_transform

_Class = TypeVar("_Class", bound=type)


@dataclass_transform(frozen_default=True)
def record(class_: _Class) -> _Class:
    """Make a class a frozen, slotted dataclass; equal when of one class and with equal fields.

    A record extends no other, and its defaults are values, as they are.
    """
    names = tuple(class_.__annotations__)
    members = dict(class_.__dict__)
    defaults = {name: members.pop(name) for name in names if name in members}
    for name in ("__dict__", "__weakref__"):
        members.pop(name, None)
    members |= _SHARED | {
        "__slots__": names,
        "__match_args__": names,
        "__init__": _Constructor(defaults),
        "__dataclass_fields__": _Fields(defaults),
    }
    made: Any = type(class_)(class_.__name__, class_.__bases__, members)
    result: _Class = made
    return result


class _Constructor:
    """The `__init__` of a class of records, until it is first wanted."""

    __slots__ = ("_class", "_defaults")

    _class: Any

    def __init__(self, defaults: dict[str, object]) -> None:
        self._defaults = defaults

    def __set_name__(self, owner: type, name: str) -> None:
        self._class = owner

    def __get__(self, instance: object, owner: type) -> Any:
        self._class.__init__ = made = self._written()
        return made.__get__(instance, owner) if instance is not None else made

    def _written(self) -> Any:
        """Return a function that takes the fields and sets each in its slot, past `__setattr__`."""
        names: tuple[str, ...] = self._class.__match_args__
        taken = (f"{name}=_default_{name}" if name in self._defaults else name for name in names)
        body = [f"_set_{name}(self, {name})" for name in names]
        if hasattr(self._class, "__post_init__"):
            body.append("self.__post_init__()")
        known: dict[str, Any] = {f"_default_{name}": value for name, value in self._defaults.items()}
        known |= {f"_set_{name}": self._class.__dict__[name].__set__ for name in names}
        exec(f"def __init__({', '.join(('self', *taken))}): {'; '.join(body) or 'pass'}", known)  # noqa: S102 (our names)
        made = known["__init__"]
        made.__qualname__ = f"{self._class.__qualname__}.__init__"
        made.__annotations__ = {**self._class.__annotations__, "return": None}
        return made


class _Fields:
    """What `dataclasses` knows of a class of records, when it is asked."""

    __slots__ = ("_defaults",)

    def __init__(self, defaults: dict[str, object]) -> None:
        self._defaults = defaults

    def __get__(self, instance: object, owner: type) -> dict[str, Any]:
        from dataclasses import dataclass

        members = {**self._defaults, "__annotations__": owner.__annotations__, "__module__": owner.__module__}
        twin: Any = dataclass(init=False, repr=False, eq=False)(type(owner.__name__, (), members))
        owner.__dataclass_fields__ = twin.__dataclass_fields__  # type: ignore[attr-defined]
        fields: dict[str, Any] = twin.__dataclass_fields__
        return fields


if TYPE_CHECKING:
    from dataclasses import replace as replace  # noqa: PLC0414 (for others to import)
else:

    def replace(record, /, **changes):
        """Return a record with some other values, as that of `dataclasses`, which costs a millisecond to import."""
        return type(record)(**{name: getattr(record, name) for name in record.__match_args__} | changes)


def _values(self: Any) -> tuple[Any, ...]:
    return tuple(getattr(self, name) for name in self.__match_args__)


def _equal(self: Any, other: object) -> bool:
    return type(self) is type(other) and _values(self) == _values(other)


def _hash(self: Any) -> int:
    return hash((type(self).__name__, *_values(self)))


def _represent(self: Any) -> str:
    fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
    return f"{type(self).__qualname__}({fields})"


def _reduce(self: Any) -> tuple[Any, ...]:
    """Tell how a copy is made: slots cannot be set from outside."""
    return type(self), _values(self)


def _refuse(_: object, name: str, *value: object) -> NoReturn:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot {'assign to' if value else 'delete'} field {name!r}")


_SHARED: Final[dict[str, Callable[..., Any]]] = {
    "__eq__": _equal,
    "__hash__": _hash,
    "__repr__": _represent,
    "__reduce__": _reduce,
    "__setattr__": _refuse,
    "__delattr__": _refuse,
}
