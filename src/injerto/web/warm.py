"""A first look at next to nothing: networks are copied for speed, readers are loaded, and the next look is as fast as any."""

from __future__ import annotations

import io

import numpy as np
import soundfile
from PIL import Image

from injerto.errors import InjertoError
from injerto.web.fields import Field
from injerto.web.identifying import Identifying
from injerto.web.limits import Limits
from injerto.web.options import Options
from injerto.web.predicting import Predicting
from injerto.web.served import Served

_SIDE = 64
_RATE_HZ = 16_000


def warm(served: Served) -> str:
    """Answer a made-up row; what is wrong with it, if anything. Its answer is thrown away."""
    row = {field.name: _cell(field) for field in served.fields}
    kind = Predicting if "predict" in served.verbs else Identifying
    try:
        kind(served, Options(), Limits())([[row]])
    except InjertoError as slip:
        return str(slip)
    return ""


def _cell(field: Field) -> bytes | None:
    file = io.BytesIO()
    if field.kind == "image":
        Image.new("RGB", (_SIDE, _SIDE), "grey").save(file, "PNG")
    elif field.kind == "sound":
        soundfile.write(file, np.zeros(_RATE_HZ, dtype=np.float32), _RATE_HZ, format="WAV")
    return file.getvalue() or None
