"""Injerto inside scikit-learn: a table of mixed columns judged by cross-validation, and categories learned for another model.

Run: python examples/sklearn_pipeline.py
"""

import numpy as np
import polars as pl
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline

from injerto.sklearn import EntityEmbedding, GraftClassifier


def visits(rows: int = 600) -> pl.DataFrame:
    """Made-up visits to nests: whether a nest was in use follows from the site, the date and the rain."""
    random = np.random.default_rng(0)
    site = random.integers(0, 40, rows)
    day = np.datetime64("2024-03-01") + random.integers(0, 120, rows)
    rain_mm = random.gamma(2, 3, rows)
    liking = random.normal(size=40)[site] + np.sin((day - day.min()).astype(int) / 20) - rain_mm / 20
    return pl.DataFrame(
        {
            "site": [f"site {number:02}" for number in site],
            "day": day,
            "rain_mm": np.where(random.random(rows) < 0.05, np.nan, rain_mm),
            "observer": random.integers(0, 12, rows),
            "used": np.where(liking + random.normal(scale=0.3, size=rows) > 0, "used", "empty"),
        }
    )


table = visits()
X, y, observer = table.select("site", "day", "rain_mm"), table["used"].to_numpy(), table["observer"].to_numpy()
folds = GroupKFold(3)  # all visits of one observer are on one side

graft = GraftClassifier(learning_rate=0.01)
print("GraftClassifier on site, day and rain:      ", cross_val_score(graft, X, y, groups=observer, cv=folds).round(2))

# The same sites as eight learned numbers each, beside the rain, for a model that is not ours.
columns = make_column_transformer((EntityEmbedding(learning_rate=0.01), ["site"]), ("passthrough", ["rain_mm"]))
trees = make_pipeline(columns, HistGradientBoostingClassifier(max_iter=50))
print("EntityEmbedding of site, rain, then trees:  ", cross_val_score(trees, X, y, groups=observer, cv=folds).round(2))

fitted = graft.fit(X, y, groups=observer)
print("A new day at a known site:", fitted.predict(pl.DataFrame({"site": ["site 07"], "day": [X["day"][0]], "rain_mm": [2.0]})))
