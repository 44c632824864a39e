"""A record is a frozen, slotted dataclass in all that a user of one sees."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from dataclasses import FrozenInstanceError, dataclass
from typing import Generic, TypeVar

import pytest

import virtkg.record
from virtkg.record import record

T = TypeVar("T")


@record
class Point:
    """A record."""

    x: int
    y: int = 2

    @property
    def sum(self) -> int:
        return self.x + self.y


@dataclass(frozen=True, slots=True)
class Model:
    """A dataclass of the same fields."""

    x: int
    y: int = 2


@record
class Other:
    x: int
    y: int = 2


@record
class Nothing:
    pass


@record
class Some(Generic[T]):
    one: T


@record
class Positive:
    x: int

    def __post_init__(self) -> None:
        if self.x < 0:
            raise ValueError("negative")


def said(made: object) -> str:
    return repr(made).replace("Point", "Model")


def test_it_is_made_as_a_dataclass_is() -> None:
    assert said(Point(1)) == repr(Model(1)) == repr(Model(x=1, y=2))
    assert Point(1) == Point(1, 2) == Point(y=2, x=1) != Point(2)
    assert str(inspect.signature(Point)) == str(inspect.signature(Model))
    for wrong in ({}, {"x": 1, "z": 3}, {"z": 3}):
        with pytest.raises(TypeError, match=r"Point\.__init__\(\)"):
            Point(**wrong)
    with pytest.raises(TypeError, match=r"Point\.__init__\(\)"):
        Point(1, 2, 3)  # type: ignore[call-arg]
    assert Point(1).sum == 3
    assert repr(Nothing()) == "Nothing()" and Nothing() == Nothing()
    assert Some[int](3) == Some(3)
    with pytest.raises(ValueError, match="negative"):
        Positive(-1)


def test_it_is_equal_to_its_like_only() -> None:
    assert Point(1) != Other(1) and Point(1) != Model(1) and Point(1) != (1, 2)
    assert hash(Point(1)) == hash(Point(1, 2))
    assert {Point(1), Point(1, 2), Other(1)} == {Point(1), Other(1)}


def test_it_cannot_be_changed() -> None:
    point = Point(1)
    for name in ("x", "z"):
        with pytest.raises(FrozenInstanceError):
            setattr(point, name, 3)
    with pytest.raises(FrozenInstanceError):
        del point.x
    assert not hasattr(point, "__dict__") and point == Point(1)


def test_it_is_copied_and_sent() -> None:
    point = Point(1)
    assert pickle.loads(pickle.dumps(point)) == copy.copy(point) == copy.deepcopy(point) == point


def test_dataclasses_knows_it() -> None:
    assert dataclasses.is_dataclass(Point) and dataclasses.is_dataclass(Point(1))
    assert dataclasses.asdict(Point(1)) == {"x": 1, "y": 2}
    for mine, other in zip(dataclasses.fields(Point), dataclasses.fields(Model), strict=True):
        assert (mine.name, mine.type, mine.default) == (other.name, other.type, other.default)
    assert virtkg.record.replace is not dataclasses.replace
    for replace in (dataclasses.replace, virtkg.record.replace):
        assert replace(Point(1), y=3) == Point(1, 3)
        with pytest.raises(TypeError):
            replace(Point(1), z=3)
        with pytest.raises(ValueError, match="negative"):
            replace(Positive(1), x=-1)


def test_it_is_matched() -> None:
    match Point(1, 3):
        case Point(x, y):
            assert (x, y) == (1, 3)
        case _:
            pytest.fail("not matched")
