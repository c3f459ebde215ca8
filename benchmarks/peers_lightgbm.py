"""LightGBM with native categories and its defaults but for the learning rate 0.05 and 63 leaves."""

from __future__ import annotations

import lightgbm
import numpy as np
import pandas as pd
from peers_door import Job, serve, with_date_parts

MOST_TREES, PATIENCE = 5000, 100


def answer(job: Job) -> np.ndarray:
    """Boost until the tune rows stop gaining."""
    job = with_date_parts(job)
    for name in job.categories:
        levels = sorted(set(job.train[name].dropna()))  # levels that training never saw are missing, as they would be in use
        for frame in (job.train, job.tune, job.test):
            frame[name] = pd.Categorical(frame[name], categories=levels)
    kind = lightgbm.LGBMClassifier if job.kind == "class" else lightgbm.LGBMRegressor
    model = kind(
        n_estimators=MOST_TREES, learning_rate=0.05, num_leaves=63, verbose=-1, random_state=job.seed, n_jobs=job.threads
    )

    def stop_in_time(state: lightgbm.callback.CallbackEnv) -> None:
        if job.over():
            raise lightgbm.callback.EarlyStopException(state.iteration, state.evaluation_result_list)

    model.fit(
        job.train[job.inputs],
        job.train[job.target],
        eval_set=[(job.tune[job.inputs], job.tune[job.target])],
        callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False), stop_in_time],
    )
    return model.predict_proba(job.test[job.inputs])[:, 1] if job.kind == "class" else model.predict(job.test[job.inputs])


if __name__ == "__main__":
    serve(answer, ["lightgbm"])
