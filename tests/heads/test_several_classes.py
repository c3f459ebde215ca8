import pytest
import torch

from columns import column
from injerto.errors import TrainingError
from injerto.heads.several_classes import ClassesHead
from injerto.schema.schema import Target


def fitted(values: list[str | None], separator: str = ";") -> ClassesHead:
    return ClassesHead("sounds", Target(kind="classes", separator=separator)).fit(column(values, name="sounds"))


def test_cells_are_bags_of_labels() -> None:
    head = fitted(["rain; dog", "dog", None, "wind"])
    labels = head.encode(column(["dog;rain", "owl", None], name="sounds"))
    assert head.levels_ == ["dog", "rain", "wind"]
    assert labels.value.tolist() == [[1, 1, 0], [0, 0, 0], [0, 0, 0]]
    assert labels.known.tolist() == [True, True, False]


def test_prior_gives_back_the_shares() -> None:
    assert fitted(["a;b", "b", "b", "a"]).prior().sigmoid().tolist() == pytest.approx([0.5, 0.75])


def test_likely_labels_are_joined() -> None:
    answer = torch.tensor([[0.9, 0.6], [0.1, 0.2]], dtype=torch.float64)
    columns = fitted(["a|b", "b"], separator="|").decode(answer)
    assert columns["sounds"].to_list() == ["a|b", ""]
    assert columns["sounds_probability_b"].to_list() == [0.6, 0.2]


def test_calibration_finds_the_temperature_the_labels_were_drawn_with() -> None:
    generator = torch.Generator().manual_seed(0)
    honest = torch.randn(4000, 2, generator=generator) * 2
    drawn = torch.rand(4000, 2, generator=generator) < honest.sigmoid()
    cells = [";".join(name for name, on in zip("ab", row, strict=True) if on) for row in drawn.tolist()]
    head = fitted(cells)
    head.calibrate(honest[:, None] * 3, head.encode(column(cells, name="sounds")))
    assert float(head.temperature) == pytest.approx(3.0, rel=0.1)


def test_no_labels_are_refused() -> None:
    with pytest.raises(TrainingError, match="no label among the 2 training rows"):
        fitted([None, None])
