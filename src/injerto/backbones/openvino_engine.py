"""The optional fast engine: OpenVINO compiles the whole network for this processor (`pip install injerto[fast]`)."""

from __future__ import annotations

import threading
import warnings
from typing import Any

import torch
from torch import Tensor, nn

from injerto.backbones.backbone import Backbone
from injerto.backbones.bits import best_bits
from injerto.backbones.engine import Engine, Runner
from injerto.backbones.front_end import without_front_end
from injerto.backbones.int8 import narrow
from injerto.backbones.quicken import keeps_bits, quicken
from injerto.errors import BackboneError


class OpenVinoEngine(Engine):
    """One compiled network, one inference request a stream, each on one core."""

    def __init__(self) -> None:
        self.bits = best_bits()
        self.name = f"openvino {self.bits}"
        self.batch_rows, self.streams = 4, torch.get_num_threads()

    def prepare(self, backbone: Backbone, example: Tensor) -> Runner:
        """Convert and compile: seconds, once a process and backbone."""
        try:
            import openvino
        except ImportError as missing:
            raise BackboneError("The engine 'openvino' is not installed. Run: pip install injerto[fast]") from missing
        # bfloat16 is the compiler's to choose; 8 bits it finds where the network rounds to them.
        whole = self.bits != "int8"
        network = quicken(backbone, torch.float32, fused=False) if whole else narrow(backbone, emulated=True, fused=False)
        # Its Fourier transforms are slow: with them inside, a sound takes three times as long.
        heard, network = without_front_end(network)
        picture = heard(example)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the tracer warns that shapes become constants, which is what is wanted
            model = openvino.convert_model(_Vector(network), example_input=picture, input=list(picture.shape))
        settings = {
            "NUM_STREAMS": self.streams,
            "INFERENCE_NUM_THREADS": self.streams,
            "INFERENCE_PRECISION_HINT": "bf16" if self.bits == "bfloat16" and not keeps_bits(backbone) else "f32",
        }
        compiled = openvino.Core().compile_model(model, "CPU", settings)
        requests = threading.local()

        def run(raw: Tensor) -> Tensor:
            request: Any = vars(requests).setdefault("request", None) or compiled.create_infer_request()
            requests.request = request
            request.infer({0: heard(raw).numpy()}, share_inputs=True)
            return torch.from_numpy(request.get_output_tensor(0).data.copy())

        return run


class _Vector(nn.Module):
    """The backbone's vector as a module's forward, for the tracer."""

    def __init__(self, backbone: Backbone) -> None:
        super().__init__()
        self.backbone = backbone

    def forward(self, raw: Tensor) -> Tensor:
        """As Backbone.vector."""
        return self.backbone.vector(raw)
