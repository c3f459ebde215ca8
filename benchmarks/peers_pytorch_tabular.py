"""pytorch-tabular's CategoryEmbedding model as in its first tutorial: layers 1024-512-512, batch 1,024; its default rate.

The tutorial's rate finder is left out: on a table of few batches it settled on 6e-7.
"""

from __future__ import annotations

import logging
import os
import tempfile

import numpy as np
import torch
from peers_door import Job, serve, with_date_parts, with_levels, with_numbers_filled
from pytorch_tabular import TabularModel
from pytorch_tabular.config import DataConfig, OptimizerConfig, TrainerConfig
from pytorch_tabular.models import CategoryEmbeddingModelConfig

EPOCHS, PATIENCE = 100, 5


def clock(seconds: float) -> str:
    """Days, hours, minutes and seconds, as Lightning reads them."""
    minutes, left = divmod(int(seconds), 60)
    return f"00:{minutes // 60:02d}:{minutes % 60:02d}:{left:02d}"


def answer(job: Job) -> np.ndarray:
    """Fit until the tune loss stops falling; the best weights are kept."""
    torch.set_num_threads(job.threads)
    logging.getLogger().setLevel(logging.ERROR)
    job = with_numbers_filled(with_levels(with_date_parts(job)))
    frames = [frame.astype({name: "object" for name in job.categories}) for frame in (job.train, job.tune, job.test)]
    if job.kind == "class":
        frames[:2] = [frame.astype({job.target: str}) for frame in frames[:2]]
    folder = tempfile.TemporaryDirectory()
    # Lightning reads back the checkpoint just written; its options are of a class that a careful torch would refuse.
    os.environ["TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD"] = "1"
    os.chdir(folder.name)  # it writes logs and checkpoints beside itself
    model = TabularModel(
        data_config=DataConfig(target=[job.target], continuous_cols=list(job.numbers), categorical_cols=list(job.categories)),
        model_config=CategoryEmbeddingModelConfig(
            task="classification" if job.kind == "class" else "regression", layers="1024-512-512", activation="LeakyReLU"
        ),
        optimizer_config=OptimizerConfig(),
        trainer_config=TrainerConfig(
            batch_size=1024,
            max_epochs=EPOCHS,
            early_stopping_patience=PATIENCE,
            accelerator="cpu",
            progress_bar="none",
            seed=job.seed,
            trainer_kwargs={"max_time": clock(job.seconds), "enable_model_summary": False},
        ),
        verbose=False,
    )
    columns = [*job.categories, *job.numbers]
    model.fit(train=frames[0][[*columns, job.target]], validation=frames[1][[*columns, job.target]])
    said = model.predict(frames[2][columns])
    named = [name for name in said.columns if name.endswith("1_probability" if job.kind == "class" else "_prediction")]
    return said[named[0]].to_numpy()


if __name__ == "__main__":
    serve(answer, ["pytorch_tabular", "torch"])
