"""pytorch-widedeep's deep part at the paper's network, as a rival of rossmann_speed.py."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from pytorch_widedeep import Trainer
from pytorch_widedeep.callbacks import Callback
from pytorch_widedeep.models import TabMlp, WideDeep
from pytorch_widedeep.preprocessing import TabPreprocessor
from rossmann_pace import BATCH_ROWS, DROPOUT, EMBEDDED, HIDDEN, Pace


class InTurns(Callback):
    """Waits for its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.pace = Pace()

    def on_batch_end(self, batch: int, logs: dict | None = None) -> None:
        """The hook it calls; it has one for the beginning too, and never calls it."""
        self.pace.batch()


days = pd.read_parquet(Path(sys.argv[1]) / "days.parquet")
preprocessor = TabPreprocessor(list(EMBEDDED.items()), ["Promo"], scale=False, verbose=0)
columns = preprocessor.fit_transform(days)
deep = TabMlp(
    column_idx=preprocessor.column_idx,
    cat_embed_input=preprocessor.cat_embed_input,
    cat_embed_dropout=0.0,
    continuous_cols=["Promo"],
    mlp_hidden_dims=list(HIDDEN),
    mlp_dropout=DROPOUT,
)
trainer = Trainer(WideDeep(deeptabular=deep), objective="regression", callbacks=[InTurns()], verbose=0, num_workers=0)
trainer.fit(X_tab=columns, target=days["log_sales"].to_numpy().astype(np.float32), n_epochs=1000, batch_size=BATCH_ROWS)
