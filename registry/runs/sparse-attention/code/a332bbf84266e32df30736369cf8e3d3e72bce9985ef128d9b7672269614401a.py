"""Triton, or its interpreter where torch finds no GPU: to be imported before anything else imports Triton."""

import os

import torch

if not torch.cuda.is_available():
    os.environ.setdefault("TRITON_INTERPRET", "1")

import triton  # the interpreter is chosen above, and only before this import
import triton.language as tl
from triton.runtime.interpreter import InterpretedFunction

__all__ = ["IS_INTERPRETED", "tl", "triton"]

IS_INTERPRETED = os.environ.get("TRITON_INTERPRET") == "1"
if IS_INTERPRETED and not isinstance(tl.sum, InterpretedFunction):
    raise ImportError("Triton was imported before its interpreter was chosen: set TRITON_INTERPRET=1")
