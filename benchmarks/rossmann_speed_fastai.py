"""fastai's tabular learner at the paper's network, without batch norm, as a rival of rossmann_speed.py."""

from __future__ import annotations

import sys
from pathlib import Path

import fastai.callback.progress  # noqa: F401 - gives the learner its no_bar
import pandas as pd
from fastai.callback.core import Callback
from fastai.data.block import RegressionBlock
from fastai.data.transforms import IndexSplitter
from fastai.losses import MSELossFlat
from fastai.tabular.core import Categorify, TabularPandas
from fastai.tabular.learner import tabular_learner
from fastai.tabular.model import tabular_config
from rossmann_pace import BATCH_ROWS, DROPOUT, EMBEDDED, HIDDEN, Pace


class InTurns(Callback):
    """Waits for its turn."""

    def __init__(self) -> None:
        self.pace = Pace()

    def before_batch(self) -> None:
        """Of training, for there is no judging worth the name."""
        if self.training:
            self.pace.batch()


days = pd.read_parquet(Path(sys.argv[1]) / "days.parquet")
table = TabularPandas(
    days,
    procs=[Categorify],
    cat_names=list(EMBEDDED),
    cont_names=["Promo"],
    y_names="log_sales",
    y_block=RegressionBlock(),
    splits=IndexSplitter(range(BATCH_ROWS))(days),
)
learner = tabular_learner(
    table.dataloaders(bs=BATCH_ROWS),
    layers=list(HIDDEN),
    emb_szs=EMBEDDED,
    config=tabular_config(use_bn=False, bn_cont=False, ps=DROPOUT),
    loss_func=MSELossFlat(),
)
with learner.no_bar(), learner.no_logging():
    learner.fit(1000, 1e-3, cbs=[InTurns()])
