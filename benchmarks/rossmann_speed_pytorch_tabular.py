"""pytorch-tabular's CategoryEmbedding model at the paper's network, as a rival of rossmann_speed.py."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from pathlib import Path

import pandas as pd
from pytorch_lightning import Callback
from pytorch_tabular import TabularModel
from pytorch_tabular.config import DataConfig, OptimizerConfig, TrainerConfig
from pytorch_tabular.models import CategoryEmbeddingModelConfig
from rossmann_pace import BATCH_ROWS, DROPOUT, EMBEDDED, HIDDEN, Pace


class InTurns(Callback):
    """Waits for its turn."""

    def __init__(self) -> None:
        self.pace = Pace()

    def on_train_batch_start(self, *_: object) -> None:
        """Lightning's hook."""
        self.pace.batch()


logging.getLogger().setLevel(logging.ERROR)
days = pd.read_parquet(Path(sys.argv[1]) / "days.parquet").astype({name: "object" for name in EMBEDDED})
os.chdir(tempfile.mkdtemp())  # it writes logs and checkpoints beside itself
model = TabularModel(
    data_config=DataConfig(target=["log_sales"], continuous_cols=["Promo"], categorical_cols=list(EMBEDDED)),
    model_config=CategoryEmbeddingModelConfig(
        task="regression",
        layers="-".join(map(str, HIDDEN)),
        activation="ReLU",
        dropout=DROPOUT,
        # one more level of each for what was never seen, as it makes them itself
        embedding_dims=[(days[name].nunique() + 1, width) for name, width in EMBEDDED.items()],
    ),
    optimizer_config=OptimizerConfig(),
    trainer_config=TrainerConfig(
        batch_size=BATCH_ROWS,
        max_epochs=1000,
        early_stopping=None,
        checkpoints=None,
        accelerator="cpu",
        progress_bar="none",
        trainer_kwargs={"enable_model_summary": False},
    ),
    verbose=False,
)
model.fit(train=days, validation=days.head(BATCH_ROWS), callbacks=[InTurns()])
