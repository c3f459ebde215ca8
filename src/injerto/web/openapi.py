"""What the server can be asked, as OpenAPI says it: with the columns of the very models that are served.

*Source*: OpenAPI Specification 3.1.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from injerto.report.language import LANGUAGES
from injerto.version import __version__
from injerto.web.fields import Field
from injerto.web.options import ASKED_OF, SECONDS, TRUTHS
from injerto.web.served import Served, Verb, label_columns

Schema = dict[str, Any]
_TYPES: dict[str, Schema] = {
    "number": {"type": ["number", "null"]},
    "category": {"type": ["string", "number", "boolean", "null"]},
    "categories": {"type": ["array", "string", "null"], "items": {"type": "string"}},
    "date": {"type": ["string", "null"], "examples": ["2024-05-31", "2024-05-31T18:30:00"]},
    "image": {"type": ["string", "null"], "contentEncoding": "base64", "description": "A photo in base64."},
    "sound": {"type": ["string", "null"], "contentEncoding": "base64", "description": "A sound in base64."},
}
"""A cell in JSON, by the kind of its column."""
_WORDS: dict[Verb, str] = {
    "predict": "Answer rows as `injerto predict` does. The answers come in the order of the rows.",
    "identify": "Say who is on photos as `injerto identify` does.",
    "explain": "Say why one row is answered so, as `injerto explain` does. With `pictures`, maps and rows like it come as "
    "`data:` addresses.",
    "listen": "Hear events in recordings as `injerto listen` does.",
}
_PROBLEMS = {
    "400": "Not well-formed: the body, a form, or an option of the query.",
    "401": "The token is missing or wrong.",
    "403": "Asked by a page of another site.",
    "404": "No such model, or it cannot do this.",
    "408": "The body did not arrive in time.",
    "413": "Too large: the body, or too many rows.",
    "415": "A body of a type that is not taken, or packed.",
    "421": "Called by a name that is not the server's.",
    "422": "Well-formed, and no row can be used; or what is asked cannot be.",
    "503": "Too much at once: come again after the seconds of Retry-After.",
}
_TEXT, _NUMBER = {"type": "string"}, {"type": ["number", "null"]}


def description(shelf: Mapping[str, Served], *, collects: bool) -> dict[str, Any]:
    """The document. A model that is alone answers at `/predict` as well as at `/models/NAME/predict`."""
    paths: dict[str, Any] = dict(_PLAIN)
    for served in shelf.values():
        paths[f"/models/{quote(served.name, safe='')}"] = _get(
            f"model {served.name}", f"What {served.name} reads and answers.", _MODEL
        )
        for root in (f"/models/{quote(served.name, safe='')}", *([""] if len(shelf) == 1 else [])):
            paths |= {f"{root}/{verb}": {"post": _asked(served, verb, root)} for verb in served.verbs}
            if collects:
                paths[f"{root}/corrections"] = {"post": _correction(served, root)}
    return {
        "openapi": "3.1.1",
        "info": {"title": "Injerto", "version": __version__, "description": "Trained models that answer over HTTP."},
        "paths": paths,
        "components": {
            "schemas": {"Problem": _PROBLEM},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def _row(served: Served) -> Schema:
    properties = {field.name: _cell(field) for field in served.fields}
    needed = [field.name for field in served.fields if field.needed]
    return {"type": "object", "description": f"A row as {served.name} reads it.", "properties": properties, "required": needed}


def _cell(field: Field) -> Schema:
    told = dict(_TYPES[field.kind])
    if field.suggestions:
        told["examples"] = list(field.suggestions[:5])
    if field.kind == "number" and field.least is not None:
        told["description"] = f"From {field.least:g} to {field.greatest:g} in training."
    return told


def _asked(served: Served, verb: Verb, root: str) -> Schema:
    told: Schema = {
        "operationId": f"{verb} {served.name}{' here' if not root else ''}",
        "summary": f"{served.name}: {verb}",
        "description": _WORDS[verb],
        "parameters": [_parameter(name) for name in ASKED_OF[verb]],
        "requestBody": {"required": True, "content": _bodies(served, verb)},
        "responses": {"200": _json(_ANSWERS[verb], "The answers.")} | _problems(),
    }
    return told


def _parameter(name: str) -> Schema:
    if name == "language":
        return {"name": name, "in": "query", "required": False, "schema": {"type": "string", "enum": list(LANGUAGES)}}
    shape: Schema = {"type": "boolean"} if name in TRUTHS else {"type": "number", "exclusiveMinimum": 0}
    if name not in TRUTHS and name not in SECONDS:
        shape["exclusiveMaximum"] = 1
    return {"name": name, "in": "query", "required": False, "schema": shape}


def _bodies(served: Served, verb: Verb) -> Schema:
    if verb == "listen":
        files = {"type": "array", "items": {"type": "string", "contentMediaType": "application/octet-stream"}, "minItems": 1}
        form = {"type": "object", "properties": {"recording": files}, "required": ["recording"]}
        return {"multipart/form-data": {"schema": form}, "audio/wav": {"schema": {}}}
    most: Schema = {"maxItems": 1} if verb == "explain" else {}
    rows = {"type": "array", "minItems": 1, **most, "items": _row(served)}
    form = {
        "type": "object",
        "properties": {field.name: _form_cell(field, most) for field in served.fields},
        "required": [field.name for field in served.fields if field.needed],
    }
    return {
        "application/json": {"schema": {"type": "object", "properties": {"rows": rows}, "required": ["rows"]}},
        "multipart/form-data": {"schema": form},
    }


def _form_cell(field: Field, most: Schema) -> Schema:
    """One cell, or one for each row, of which there may be at `most` so many."""
    one: Schema = {"type": "string", "contentMediaType": "application/octet-stream"} if field.is_file else {"type": "string"}
    return {"type": "array", "items": one, "minItems": 1, **most} if field.is_file else one


def _correction(served: Served, root: str) -> Schema:
    labels = [column for name, head in served.heads.items() for column in label_columns(name, head)]
    truth = {"type": "object", "properties": {label: {"type": ["string", "number", "null"]} for label in labels}}
    body = {"type": "object", "properties": {"row": _row(served), "truth": truth, "said": {}}, "required": ["row", "truth"]}
    written = {"type": "object", "properties": {"corrections": {"type": "integer"}}, "required": ["corrections"]}
    return {
        "operationId": f"correct {served.name}{' here' if not root else ''}",
        "summary": f"{served.name}: correct an answer",
        "description": "Write a row and what is true of it into a table to train on.",
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {"201": _json(written, "Written down; how many there are now.")} | _problems(),
    }


def _problems() -> Schema:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": words, "content": content} for status, words in _PROBLEMS.items()}


def _json(schema: Schema, words: str) -> Schema:
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def _object(needed: Schema, more: Schema | None = None) -> Schema:
    return {"type": "object", "properties": needed | (more or {}), "required": list(needed)}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_UNUSED = _list(_object({"row": {"type": "integer"}, "reason": _TEXT}))
_PROBLEM = _object(
    {"type": _TEXT, "title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT},
    {"unused": _UNUSED, "missing": _list(_TEXT)},
)
_ALIKE = _object(
    {"name": _TEXT, "probability": {"type": "number"}, "similarity": {"type": "number"}, "photo": _TEXT},
    {"picture": {"type": ["string", "null"], "contentEncoding": "base64", "contentMediaType": "image/jpeg"}},
)
_EVENT = _object(
    {"start_s": {"type": "number"}, "end_s": {"type": "number"}, "label": _TEXT}
    | {"score": {"type": "number"}, "mean_score": {"type": "number"}}
)
_ANSWER = {
    "type": "object",
    "description": "The columns that `injerto predict` writes; all empty but `problem` where the row cannot be used.",
    "properties": {"problem": {"type": ["string", "null"]}},
    "required": ["problem"],
}
_WHO = _object(
    {
        "rows": _list({"type": "integer"}),
        "decision": {"enum": ["known", "new", "cannot tell"]},
        "individual": {"type": ["string", "null"]},
        "new_probability": {"type": "number"},
        "lookalikes": _list(_ALIKE),
        "left_out": _TEXT,
        "doubt": _TEXT,
    }
)
_HEARD = _object(
    {"recording": _TEXT, "seconds": {"type": "number"}, "problem": {"type": ["string", "null"]}, "events": _list(_EVENT)}
)
_SHARES = _object({"of": _TEXT, "columns": {"type": "object"}, "usual": {"type": "number"}, "answer": {"type": "number"}})
_LAYER = _object({"title": _TEXT, "words": _TEXT, "signed": {"type": "boolean"}, "values": _list(_list({"type": "number"}))})
_SEEN = _object({"column": _TEXT, "kind": {"enum": ["image", "sound"]}, "of": _TEXT, "words": _TEXT, "maps": _list(_LAYER)})
_ADDRESS = {"type": ["string", "null"], "description": "A `data:` address, which holds what it shows."}
_NEAR: Schema = _object(
    {
        "row": {
            "type": ["integer", "null"],
            "description": "From 0 in the table that the server was started with (--among); null of a photo of a gallery.",
        },
        "likeness": {"type": "number", "description": "1 is the same to the model."},
        "labels": {"type": "object", "description": "What is true of it, by target.", "additionalProperties": _TEXT},
        "cells": {
            "type": "object",
            "description": "Its labels and the columns that the model reads, as text; of files their names.",
            "additionalProperties": _TEXT,
        },
    },
    {"files": _list(_object({"kind": {"enum": ["image", "sound"]}, "picture": _ADDRESS, "sound": _ADDRESS}))},
) | {"description": "A row that the model sees much like this one, the most alike first."}
_WHY = _object(
    {
        "model": _TEXT,
        "answers": {"type": "object"},
        "familiarity": {"type": ["object", "null"]},
        "contributions": {"type": "object", "additionalProperties": _SHARES},
        "maps": _list(_SEEN),
        "nearest": _list(_NEAR),
        "nearest_words": _TEXT,
        "matches": {"type": ["object", "null"]},
        "notes": _list(_TEXT),
    }
)
_ANSWERS: dict[Verb, Schema] = {
    "predict": _object({"model": _TEXT, "answers": _list(_ANSWER), "notes": _list(_TEXT)}),
    "identify": _object({"model": _TEXT, "answers": _list(_WHO), "unused": _UNUSED, "notes": _list(_TEXT)}),
    "explain": _WHY,
    "listen": _object({"model": _TEXT, "recordings": _list(_HEARD)}),
}


def _get(operation: str, words: str, schema: Schema | None = None, kind: str = "application/json") -> Schema:
    return {
        "get": {
            "operationId": operation,
            "summary": words,
            "responses": {"200": {"description": words, "content": {kind: {"schema": schema or {}}}}} | _problems(),
        }
    }


_MODEL = _object(
    {"name": _TEXT, "verbs": _list(_TEXT), "fields": _list({}), "targets": _list({})},
    {"unlike": {"type": "boolean"}, "promises": {"type": "boolean"}},
)
_PLAIN: Schema = {
    "/health": _get("health", "Whether the server answers.", _object({"status": {"const": "ok"}, "version": _TEXT})),
    "/metrics": _get("metrics", "Counts for Prometheus.", _TEXT, "text/plain"),
    "/models": _get("models", "All models and what they can do.", _object({"models": _list({}), "corrections": {}})),
}
