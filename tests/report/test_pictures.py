import re

import pytest

from injerto.learning.history import Epoch, History
from injerto.report.curves import loss_curves, rate_curves
from injerto.report.intervals import HEIGHT, PAD, WIDTH, interval_picture
from injerto.report.squares import scatter_picture
from injerto.report.svg import ticks
from injerto.report.tables import confusion_table


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 1, [0, 0.25, 0.5, 0.75, 1]),
        (0, 10, [0, 2.5, 5, 7.5, 10]),
        (-3, 5, [-2, 0, 2, 4]),
        (0.11, 0.13, [0.11, 0.115, 0.12, 0.125, 0.13]),
        (7, 7, [7]),
    ],
)
def test_ticks_are_round_numbers_within_the_ends(low: float, high: float, expected: list[float]):
    assert ticks(low, high) == pytest.approx(expected)


def test_a_share_stands_where_it_should_on_its_scale():
    html = interval_picture(0.5, (0.25, 1.0), 0.0, share=True)
    inside = WIDTH - 2 * PAD
    assert f'<circle cx="{WIDTH / 2:.1f}" cy="{HEIGHT / 2:.1f}"' in html
    assert f'<rect x="{PAD + inside / 4:.1f}"' in html
    assert f'width="{inside * 0.75:.1f}"' in html
    assert f'<rect x="{PAD - 1.5:.1f}"' in html


def test_a_figure_below_zero_stays_on_its_scale():
    html = interval_picture(-2.0, None, 0.0, share=False)
    assert f'<circle cx="{PAD:.1f}"' in html


def test_curves_mark_the_epoch_that_was_kept_and_survive_odd_losses():
    epochs = [Epoch(0, 1.0, float("nan"), 1, {"body": 0.1}), Epoch(1, 0.5, 0.5, 1, {"body": 0.0, "late": 0.2})]
    history = History("network", epochs, best=1)
    assert "kept: epoch 1" in loss_curves(history)
    assert "late, epoch 1: 0.2" in rate_curves(history)
    assert "nan" not in loss_curves(history)


def test_a_run_of_equal_losses_has_a_picture():
    assert "polyline" in loss_curves(History("network", [Epoch(k, 0.5, 0.5, 1, {}) for k in range(3)], best=0))
    assert rate_curves(History("network", [Epoch(k, 0.5, 0.5, 1, {}) for k in range(3)], best=0)) == ""


def test_equal_numbers_have_a_picture():
    assert scatter_picture([[1.0, 1.0]]).count("<circle") == 1


def test_a_cell_knows_its_share_of_the_true_class():
    html = confusion_table(["a&b", "c"], [[3, 1], [0, 0]])
    assert 'style="--share:75%" data-tip="true a&amp;b, answered a&amp;b: 3 of 4"' in html
    assert 'style="--share:0%" data-tip="true c, answered c: 0 of 0"' in html


@pytest.mark.parametrize(
    ("rates", "labels"),
    [
        ([0.001, 0.0016, 0.003], ["0.001", "0.002"]),
        ([1e-6, 1e-2], ["1e-06", "1e-05", "0.0001", "0.001", "0.01"]),
    ],
)
def test_rates_stand_on_round_numbers(rates: list[float], labels: list[str]):
    html = rate_curves(History("network", [Epoch(k, 1.0, 1.0, 1, {"head": rate}) for k, rate in enumerate(rates)], best=0))
    assert re.findall(r'text-anchor="end" class="label">([^<]+)<', html) == labels


def test_epochs_are_counted_in_whole_steps():
    html = loss_curves(History("network", [Epoch(k, 1 / (k + 1), 1.0, 1, {}) for k in range(20)], best=0))
    assert re.findall(r'text-anchor="middle" class="label">(\d+)<', html) == ["0", "4", "8", "12", "16"]


def test_groups_that_learn_at_one_rate_share_a_curve_and_its_name():
    rates = {"embedders": 0.1, "body": 0.1, **{f"backbone/{depth}": 0.01 for depth in range(6)}, "head": 0.5}
    html = rate_curves(History("finetune", [Epoch(k, 1.0, 1.0, 0.5, rates) for k in range(3)], best=0))
    assert html.count("<polyline") == 3
    assert "</i>embedders, body</span>" in html
    assert "</i>backbone/0, …, backbone/5</span>" in html
