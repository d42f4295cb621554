"""Kernels run in Triton's interpreter here, which is chosen before anything imports Triton."""

import os

# Parts of torch import Triton on their own, so this comes before every module of tests here.
os.environ["TRITON_INTERPRET"] = "1"
