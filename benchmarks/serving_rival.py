"""The rival of `serving.py`: FastAPI around a model as a tutorial has it, one row a call, on FastAPI's own threads."""

from __future__ import annotations

import os
from typing import Any

from fastapi import FastAPI

import injerto

app = FastAPI()
model = injerto.load(os.environ["INJERTO_MODEL"])


@app.post("/predict")
def predict(asked: dict[str, Any]) -> dict[str, Any]:
    """Answer the rows."""
    rows = asked["rows"]
    answers = model.predict({name: [row[name] for row in rows] for name in rows[0]}).answers
    return {"answers": answers.to_dicts()}
