"""pytorch-widedeep's wide and deep model as its quick start builds it, without crossed columns, with early stopping."""

from __future__ import annotations

import numpy as np
import torch
from peers_door import Job, serve, with_date_parts, with_levels, with_numbers_filled
from pytorch_widedeep import Trainer
from pytorch_widedeep.callbacks import Callback, EarlyStopping
from pytorch_widedeep.models import TabMlp, Wide, WideDeep
from pytorch_widedeep.preprocessing import TabPreprocessor, WidePreprocessor

EPOCHS, BATCH_ROWS, PATIENCE = 50, 256, 5


class StopInTime(Callback):
    """Ends the fit when the job's time is used up."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.job = job

    def on_epoch_end(self, epoch: int, logs: dict | None = None, metric: float | None = None) -> None:
        """Judged between epochs."""
        if self.job.over():
            self.trainer.early_stop = True


def answer(job: Job) -> np.ndarray:
    """Fit until the tune loss stops falling; the best weights are kept."""
    torch.set_num_threads(job.threads)
    torch.manual_seed(job.seed)
    job = with_numbers_filled(with_levels(with_date_parts(job)))
    wide, deep = WidePreprocessor(wide_cols=job.categories), TabPreprocessor(job.categories, job.numbers, scale=True, verbose=0)
    x = {"X_wide": wide.fit_transform(job.train), "X_tab": deep.fit_transform(job.train)}
    x_tune, x_test = ({"X_wide": wide.transform(frame), "X_tab": deep.transform(frame)} for frame in (job.tune, job.test))
    # Averages of the target move into the answer's last layer by themselves only slowly: numbers are learned standardised.
    mean, std = (0.0, 1.0) if job.kind == "class" else (job.train[job.target].mean(), job.train[job.target].std())
    y, y_tune = ((frame[job.target].to_numpy() - mean) / std for frame in (job.train, job.tune))
    model = WideDeep(
        wide=Wide(input_dim=int(x["X_wide"].max())),
        deeptabular=TabMlp(
            column_idx=deep.column_idx,
            cat_embed_input=deep.cat_embed_input,
            continuous_cols=job.numbers,
            mlp_hidden_dims=[200, 100],
        ),
    )
    trainer = Trainer(
        model,
        objective="binary" if job.kind == "class" else "regression",
        callbacks=[EarlyStopping(patience=PATIENCE, restore_best_weights=True), StopInTime(job)],
        verbose=0,
        num_workers=0,
        seed=job.seed,
    )
    trainer.fit(
        X_train=x | {"target": y.astype(np.float32)},
        X_val=x_tune | {"target": y_tune.astype(np.float32)},
        n_epochs=EPOCHS,
        batch_size=BATCH_ROWS,
    )
    if job.kind == "class":
        return trainer.predict_proba(**x_test, batch_size=1024)[:, 1]
    return trainer.predict(**x_test, batch_size=1024) * std + mean


if __name__ == "__main__":
    serve(answer, ["pytorch-widedeep", "torch"])
