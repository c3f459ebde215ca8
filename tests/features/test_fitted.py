"""Columns that share a vocabulary learn it together; widths follow from the number of levels."""

from __future__ import annotations

import polars as pl

from injerto.features.categories import CategoriesFeature
from injerto.features.category import CategoryFeature
from injerto.features.fitted import fit_features
from injerto.features.number import NumberFeature
from injerto.schema.schema import Input
from injerto.table.table import Table

GAMES = Table.of(
    pl.DataFrame(
        {
            "home": ["Leon", "Lugo", "Leon", None],
            "away": ["Lugo", "Vigo", "Vigo", "Leon"],
            "city": ["Leon", "Lugo", "Leon", "Lugo"],
            "goals": [1, 2, 3, 4],
        }
    )
)


def test_home_and_away_learn_one_list() -> None:
    team, own = Input(kind="category", vocabulary="team", min_count=1), Input(kind="category", min_count=1)
    home, away, city, goals = fit_features(
        [
            CategoryFeature("home", team),
            CategoryFeature("away", team),
            CategoryFeature("city", own),
            NumberFeature("goals", Input(kind="number")),
        ],
        GAMES,
    )
    assert isinstance(home, CategoryFeature) and isinstance(away, CategoryFeature) and isinstance(city, CategoryFeature)
    assert home.row_names == away.row_names == ["UNKNOWN", "MISSING", "Leon", "Lugo", "Vigo"]
    assert home.counts_ == [0, 1, 3, 2, 2]
    assert city.row_names[2:] == ["Leon", "Lugo"]
    assert goals.encode(GAMES.column("goals")).isfinite().all()


def test_a_width_by_rule_or_by_wish() -> None:
    cells = GAMES.column("home")
    assert CategoryFeature("home", Input(kind="category", min_count=1)).fit(cells).width_ == 2
    assert CategoryFeature("home", Input(kind="category", min_count=1, width=5)).fit(cells).width_ == 5
    bags = CategoriesFeature("home", Input(kind="categories", min_count=1, width=3)).fit(cells)
    assert bags.width_ == 3
