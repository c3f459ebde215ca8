import threading
import time

import pytest
import torch

from injerto.backbones.streams import WAITING, batched, streamed


def test_answers_come_in_the_order_of_their_blocks() -> None:
    def slow_at_first(block: torch.Tensor) -> torch.Tensor:
        time.sleep(0.02 if block.item() == 0 else 0)
        return block * 2

    blocks = [torch.tensor([float(number)]) for number in range(20)]
    assert [answer.item() for answer in streamed(slow_at_first, blocks, 2)] == [2.0 * number for number in range(20)]


def test_no_more_is_read_than_can_wait() -> None:
    taken = []

    def blocks() -> object:
        for number in range(50):
            taken.append(number)
            yield torch.tensor(number)

    answers = streamed(lambda block: block, blocks(), 2)  # type: ignore[arg-type]
    next(answers)
    assert len(taken) == WAITING * 2
    answers.close()  # type: ignore[attr-defined]


def test_each_stream_has_one_core_and_nothing_is_kept_of_that() -> None:
    before, seen = torch.get_num_threads(), set()

    def look(block: torch.Tensor) -> torch.Tensor:
        seen.add(
            (torch.get_num_threads(), torch.is_inference_mode_enabled(), threading.current_thread() is threading.main_thread())
        )
        return block

    assert len(list(streamed(look, [torch.zeros(1)] * 8, 2))) == 8
    assert seen == {(1, True, False)}
    assert torch.get_num_threads() == before


def test_an_error_is_raised() -> None:
    def broken(block: torch.Tensor) -> torch.Tensor:
        raise RuntimeError("a fault of the program")

    with pytest.raises(RuntimeError, match="a fault of the program"):
        list(streamed(broken, [torch.zeros(1)] * 3))


def test_neighbours_are_taken_together_and_none_is_left_behind() -> None:
    assert list(batched(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(batched([], 2)) == []
