"""fastai's tabular learner as its documentation builds it, with the rate, dropout and batch that AutoGluon found for it."""

from __future__ import annotations

import tempfile

import fastai.callback.schedule  # noqa: F401 - gives the learner its one cycle
import numpy as np
import torch
from fastai.callback.core import Callback
from fastai.callback.tracker import EarlyStoppingCallback, SaveModelCallback
from fastai.data.block import CategoryBlock, RegressionBlock
from fastai.data.transforms import IndexSplitter
from fastai.learner import CancelFitException
from fastai.losses import CrossEntropyLossFlat, MSELossFlat
from fastai.tabular.core import Categorify, FillMissing, Normalize, TabularPandas
from fastai.tabular.learner import tabular_learner
from fastai.tabular.model import tabular_config
from fastai.torch_core import set_seed
from pandas import concat
from peers_door import Job, serve, with_date_parts, with_levels

EPOCHS, BATCH_ROWS, RATE, PATIENCE = 20, 256, 1e-2, 5


class StopInTime(Callback):
    """Ends the fit when the job's time is used up."""

    order = 70  # after an epoch's best weights are saved

    def __init__(self, job: Job) -> None:
        self.job = job

    def after_epoch(self) -> None:
        """Judged between epochs, so that the last one has its tune loss."""
        if self.job.over():
            raise CancelFitException()


def answer(job: Job) -> np.ndarray:
    """One cycle; the weights of the best epoch on the tune rows are kept."""
    torch.set_num_threads(job.threads)
    set_seed(job.seed)
    job = with_levels(with_date_parts(job))
    together = concat([job.train, job.tune], ignore_index=True)
    table = TabularPandas(
        together,
        procs=[Categorify, FillMissing, Normalize],
        cat_names=list(job.categories),
        cont_names=list(job.numbers),
        y_names=job.target,
        y_block=CategoryBlock() if job.kind == "class" else RegressionBlock(),
        splits=IndexSplitter(range(len(job.train), len(together)))(together),
    )
    folder = tempfile.TemporaryDirectory()
    learner = tabular_learner(
        table.dataloaders(bs=BATCH_ROWS, path=folder.name),
        layers=[200, 100],
        config=tabular_config(ps=0.1, embed_p=0.1),
        loss_func=CrossEntropyLossFlat() if job.kind == "class" else MSELossFlat(),
        path=folder.name,
    )
    watch = [SaveModelCallback(), EarlyStoppingCallback(patience=PATIENCE), StopInTime(job)]
    with learner.no_bar(), learner.no_logging():
        learner.fit_one_cycle(EPOCHS, RATE, cbs=watch)
        learner.load("model")
        # Gaps in numbers that had none in training are filled, as fastai would refuse them.
        test = job.test[[*job.categories, *job.numbers]].copy()
        for name in job.numbers:
            if not together[name].isna().any():
                test[name] = test[name].fillna(together[name].median())
        said = learner.get_preds(dl=learner.dls.test_dl(test))[0]
    return said[:, 1].numpy() if job.kind == "class" else said[:, 0].numpy()


if __name__ == "__main__":
    serve(answer, ["fastai", "torch"])
