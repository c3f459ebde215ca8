"""Counts of what the server does, in the text that Prometheus reads.

*Source*: Prometheus text exposition format 0.0.4. A package of its own would bring nothing more to these few counts.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from injerto.version import __version__
from injerto.web.lane import Lane

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Upper ends of the bins of seconds."""


class Meters:
    """Used from the event loop alone."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, int]] = Counter()
        """By route and status."""
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.bins: defaultdict[str, list[int]] = defaultdict(lambda: [0] * (len(BOUNDS_S) + 1))
        self.active = 0
        """Requests that are being answered."""

    def add(self, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        self.requests[route, status] += 1
        self.seconds[route] += seconds
        self.bins[route][bisect_left(BOUNDS_S, seconds)] += 1

    def text(self, lanes: Mapping[str, Lane], held_bytes: int) -> str:
        """All counts, a line each."""
        return "\n".join([*self._requests(), *_lanes(lanes), *self._now(held_bytes), ""])

    def _requests(self) -> Iterator[str]:
        yield from _head("injerto_requests_total", "counter", "Requests answered, by route and status.")
        for (route, status), count in sorted(self.requests.items()):
            yield f'injerto_requests_total{{route="{route}",status="{status}"}} {count}'
        yield from _head("injerto_request_seconds", "histogram", "From the head of a request to the end of its answer.")
        for route, bins in sorted(self.bins.items()):
            total = 0
            for bound, count in zip((*BOUNDS_S, "+Inf"), bins, strict=True):
                total += count
                yield f'injerto_request_seconds_bucket{{route="{route}",le="{bound}"}} {total}'
            yield f'injerto_request_seconds_sum{{route="{route}"}} {self.seconds[route]:.6f}'
            yield f'injerto_request_seconds_count{{route="{route}"}} {total}'

    def _now(self, held_bytes: int) -> Iterator[str]:
        yield from _head("injerto_requests_active", "gauge", "Requests that are being answered.")
        yield f"injerto_requests_active {self.active}"
        yield from _head("injerto_held_bytes", "gauge", "Bytes of bodies in memory.")
        yield f"injerto_held_bytes {held_bytes}"
        yield from _head("injerto_info", "gauge", "The version.")
        yield f'injerto_info{{version="{__version__}"}} 1'


def _lanes(lanes: Mapping[str, Lane]) -> Iterator[str]:
    told = [
        ("injerto_lane_waiting", "gauge", "Requests in line or being worked on.", "waiting"),
        ("injerto_lane_batches_total", "counter", "Batches answered.", "batches"),
        ("injerto_lane_requests_total", "counter", "Requests in those batches.", "requests"),
        ("injerto_lane_rows_total", "counter", "Rows in those batches.", "rows"),
    ]
    for name, kind, words, field in told:
        yield from _head(name, kind, words)
        for lane, one in lanes.items():
            yield f'{name}{{lane="{lane}"}} {vars(one.counts)[field]}'


def _head(name: str, kind: str, words: str) -> list[str]:
    return [f"# HELP {name} {words}", f"# TYPE {name} {kind}"]
