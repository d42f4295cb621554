"""Kernels run in Triton's interpreter here, chosen before anything imports Triton; sums run in one thread."""

import os
from collections.abc import Iterator

import pytest
import torch

# Parts of torch import Triton on their own, so this comes before every module of tests here.
os.environ["TRITON_INTERPRET"] = "1"


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Keep these small sums to one thread: more of them mostly wait for each other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
