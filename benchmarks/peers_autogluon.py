"""AutoGluon's TabularPredictor with its defaults: boosted trees, forests and networks, and their weighted mean."""

from __future__ import annotations

import tempfile

import numpy as np
from autogluon.tabular import TabularPredictor
from peers_door import Job, serve


def answer(job: Job) -> np.ndarray:
    """Fit all that the time allows; the weights of the models are chosen on the tune rows."""
    folder = tempfile.TemporaryDirectory()
    predictor = TabularPredictor(
        label=job.target,
        problem_type="binary" if job.kind == "class" else "regression",
        eval_metric="log_loss" if job.kind == "class" else "root_mean_squared_error",
        path=folder.name,
        verbosity=0,
    )
    columns = [*job.inputs, job.target]
    predictor.fit(
        job.train[columns],
        tuning_data=job.tune[columns],
        time_limit=job.seconds,
        num_cpus=job.threads,
        num_gpus=0,
    )
    test = job.test[job.inputs]
    return (predictor.predict_proba(test)[1] if job.kind == "class" else predictor.predict(test)).to_numpy()


if __name__ == "__main__":
    serve(answer, ["autogluon.tabular"])
