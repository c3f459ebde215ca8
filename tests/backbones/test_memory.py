import platform
import sys

from injerto.backbones.memory import keep_memory


def test_takes_effect_on_glibc_and_is_harmless_elsewhere() -> None:
    expected = sys.platform == "linux" and platform.libc_ver()[0] == "glibc"
    assert keep_memory() is expected
    assert keep_memory() is expected
