"""The address that a server listens at."""

from __future__ import annotations

import socket
import sys

from injerto.errors import ServeError


def listening_at(host: str, port: int) -> socket.socket:
    """A socket bound to `host` and `port`, any free one for 0. *Raises* ServeError when the address cannot be had."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        found = socket.socket(family, kind, proto)
        try:
            if sys.platform != "win32":
                found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            found.bind(address)
        except OSError:
            found.close()
            raise
    except (OSError, OverflowError) as slip:
        reason = (isinstance(slip, OSError) and slip.strerror) or slip
        raise ServeError(f"The address {host}:{port} cannot be had: {reason}. Give another --port, or 0 for any.") from slip
    return found
