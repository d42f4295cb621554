"""Kernels of sparse attention, each with a plain reference that is computed in double precision.

Layouts are contiguous and head-major: queries ``[heads, rows, dim]``, keys and values
``[kv heads, rows, dim]``, and decoding puts a batch before them.  Query heads ``g * group`` to
``(g + 1) * group - 1`` share kv head ``g``.

The selection is the one of Gated Sparse Attention: one score per query and key,

    I[t, s] = sum_j gate[j, t] * sigmoid(q[j, t] . k[s] / sqrt(dim) + bias[j])

shared by every attention head.  It is used in two ways: each query attends its own list of keys, or a tile of
neighbouring queries shares one list of key blocks.

Where torch finds no GPU the kernels run in Triton's interpreter.
"""

import math
from dataclasses import dataclass
from typing import Any

import torch
from _triton import IS_INTERPRETED, tl, triton

LOG2_E = math.log2(math.e)
KINDS = ("gated-sigmoid", "sigmoid", "relu")
_LEAST_ROWS = 16  # a matrix instruction has no fewer rows


# -----------------------------------------------------------------------------------------------------------
# Indexer


@triton.jit
def _activated(logits: tl.tensor, KIND: tl.constexpr, APPROXIMATE: tl.constexpr) -> tl.tensor:
    """Apply the indexer's activation.

    The approximate sigmoid is 0.5 + 0.5 tanh(x / 2): one instruction of the special-function unit instead of
    an exponential and a reciprocal.
    """
    if KIND == "relu":
        activated = tl.maximum(logits, 0.0)
    elif APPROXIMATE:
        bent = tl.inline_asm_elementwise(
            "tanh.approx.f32 $0, $1;", "=f,f", [logits * 0.5], dtype=tl.float32, is_pure=True, pack=1
        )
        activated = bent * 0.5 + 0.5
    else:
        activated = 1.0 / (1.0 + tl.exp2(logits * -1.4426950408889634))
    return activated


@triton.jit
def _index_head(
    queries: tl.tensor,
    keys: tl.tensor,
    gate: tl.tensor,
    bias: tl.tensor,
    scale: tl.tensor,
    KIND: tl.constexpr,
    APPROXIMATE: tl.constexpr,
) -> tl.tensor:
    """Give one indexer head's share of a tile of scores."""
    logits = tl.dot(queries, tl.trans(keys)) * scale
    if KIND != "relu":
        logits += bias
    activated = _activated(logits, KIND, APPROXIMATE)
    if KIND != "sigmoid":
        activated *= gate[:, None]
    return activated


@triton.jit
def _load_rows(base: tl.tensor, rows: tl.tensor, end: tl.tensor, DIM: tl.constexpr) -> tl.tensor:
    """Load rows of a contiguous matrix; those from ``end`` on are zeros."""
    dims = tl.arange(0, DIM)
    return tl.load(base + rows[:, None] * DIM + dims[None, :], mask=rows[:, None] < end, other=0.0)


@triton.jit
def _load_index_head(
    q_ptr: tl.tensor,
    gate_ptr: tl.tensor,
    bias_ptr: tl.tensor,
    head: tl.tensor,
    rows: tl.tensor,
    end: tl.tensor,
    length: tl.tensor,
    DIM: tl.constexpr,
) -> tuple[tl.tensor, tl.tensor, tl.tensor]:
    """Load what one indexer head has of a tile of queries."""
    queries = _load_rows(q_ptr + head * length * DIM, rows, end, DIM)
    gate = tl.load(gate_ptr + head * length + rows, mask=rows < end, other=0.0)
    return queries, gate, tl.load(bias_ptr + head)


@triton.jit
def _store_scores(
    out_ptr: tl.tensor,
    places: tl.tensor,
    columns: tl.tensor,
    is_row: tl.tensor,
    end: tl.tensor,
    scores: tl.tensor,
) -> None:
    """Store a tile of scores, up to the column ``end``."""
    target = out_ptr + places[:, None] + columns[None, :]
    inside = is_row[:, None] & (columns[None, :] < end)
    tl.store(target, scores.to(out_ptr.dtype.element_ty), mask=inside)


@triton.jit
def _index_kernel(
    q_ptr: tl.tensor,
    k_ptr: tl.tensor,
    gate_ptr: tl.tensor,
    bias_ptr: tl.tensor,
    out_ptr: tl.tensor,
    sums_ptr: tl.tensor,
    squares_ptr: tl.tensor,
    scale: tl.tensor,
    first: tl.tensor,
    last: tl.tensor,
    length: tl.tensor,
    out_row: tl.tensor,
    HEADS: tl.constexpr,
    DIM: tl.constexpr,
    TILE: tl.constexpr,
    BLOCK: tl.constexpr,
    SPAN: tl.constexpr,
    KIND: tl.constexpr,
    APPROXIMATE: tl.constexpr,
    OUTPUT: tl.constexpr,
) -> None:
    """Score a tile of queries against a span of key blocks.

    ``OUTPUT`` is ``scores`` (every score, and the sums that the variance needs), or ``max`` or ``mean`` (one
    number per tile and key block, over the pairs that causality admits).
    """
    tile, span = tl.program_id(0), tl.program_id(1)
    rows = first + tile * TILE + tl.arange(0, TILE)
    is_row = rows < last
    wide = tl.cast(length, tl.int64)  # a length of 1 is no tensor but a constant
    q0, gate0, bias0 = _load_index_head(q_ptr, gate_ptr, bias_ptr, 0, rows, last, wide, DIM)
    if HEADS > 1:
        q1, gate1, bias1 = _load_index_head(q_ptr, gate_ptr, bias_ptr, 1, rows, last, wide, DIM)
    if HEADS > 2:
        q2, gate2, bias2 = _load_index_head(q_ptr, gate_ptr, bias_ptr, 2, rows, last, wide, DIM)
        q3, gate3, bias3 = _load_index_head(q_ptr, gate_ptr, bias_ptr, 3, rows, last, wide, DIM)
    sums = tl.zeros([TILE], dtype=tl.float32)
    squares = tl.zeros([TILE], dtype=tl.float32)
    seen = tl.minimum(first + (tile + 1) * TILE, last)
    blocks = tl.minimum((seen + BLOCK - 1) // BLOCK, (span + 1) * SPAN)
    places = (tile * TILE + tl.arange(0, TILE)).to(tl.int64) * out_row
    for block in range(span * SPAN, blocks):
        columns = block * BLOCK + tl.arange(0, BLOCK)
        keys = _load_rows(k_ptr, columns, length, DIM)
        scores = _index_head(q0, keys, gate0, bias0, scale, KIND, APPROXIMATE)
        if HEADS > 1:
            scores += _index_head(q1, keys, gate1, bias1, scale, KIND, APPROXIMATE)
        if HEADS > 2:
            scores += _index_head(q2, keys, gate2, bias2, scale, KIND, APPROXIMATE)
            scores += _index_head(q3, keys, gate3, bias3, scale, KIND, APPROXIMATE)
        visible = (columns[None, :] <= rows[:, None]) & is_row[:, None]
        if OUTPUT == "scores":
            counted = tl.where(visible, scores, 0.0)
            sums += tl.sum(counted, 1)
            squares += tl.sum(counted * counted, 1)
            hidden = tl.where(visible, scores, float("-inf"))
            _store_scores(out_ptr, places, columns, is_row, last, hidden)
        elif OUTPUT == "max":
            best = tl.max(tl.max(tl.where(visible, scores, float("-inf")), 1), 0)
            tl.store(out_ptr + tile.to(tl.int64) * out_row + block, best)
        else:
            mass = tl.sum(tl.sum(tl.where(visible, scores, 0.0), 1), 0)
            seen_of_block = tl.minimum(tl.maximum(rows + 1 - block * BLOCK, 0), BLOCK)
            pairs = tl.sum(tl.where(is_row, seen_of_block, 0), 0)
            tl.store(out_ptr + tile.to(tl.int64) * out_row + block, mass / pairs)
    if OUTPUT == "scores":
        end = tl.minimum((last + BLOCK - 1) // BLOCK, (span + 1) * SPAN)
        for block in range(tl.maximum(span * SPAN, blocks), end):
            hidden = tl.full([TILE, BLOCK], float("-inf"), dtype=tl.float32)
            _store_scores(out_ptr, places, block * BLOCK + tl.arange(0, BLOCK), is_row, last, hidden)
        # A span that begins after the tile's last query stores the zeros it started with.
        tl.store(sums_ptr + span * wide + rows, sums, mask=is_row)
        tl.store(squares_ptr + span * wide + rows, squares, mask=is_row)


@triton.jit
def _decode_index_kernel(
    q_ptr: tl.tensor,
    k_ptr: tl.tensor,
    gate_ptr: tl.tensor,
    bias_ptr: tl.tensor,
    out_ptr: tl.tensor,
    scale: tl.tensor,
    length: tl.tensor,
    HEADS: tl.constexpr,
    ROWS: tl.constexpr,
    DIM: tl.constexpr,
    BLOCK: tl.constexpr,
) -> None:
    """Score one query of each sequence against a block of its keys; the indexer's heads are the rows."""
    batch = tl.program_id(1).to(tl.int64)
    columns = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    heads = tl.arange(0, ROWS)
    is_head = heads < HEADS
    queries = _load_rows(q_ptr + batch * HEADS * DIM, heads, HEADS, DIM)
    gate = tl.load(gate_ptr + batch * HEADS + heads, mask=is_head, other=0.0)
    bias = tl.load(bias_ptr + heads, mask=is_head, other=0.0)
    keys = _load_rows(k_ptr + batch * length * DIM, columns, length, DIM)
    logits = tl.dot(queries, tl.trans(keys)) * scale + bias[:, None]
    scores = tl.sum(gate[:, None] * (1.0 / (1.0 + tl.exp2(logits * -1.4426950408889634))), 0)
    tl.store(out_ptr + batch * length + columns, scores.to(out_ptr.dtype.element_ty), mask=columns < length)


# -----------------------------------------------------------------------------------------------------------
# Attention over lists


@triton.jit
def _attend(
    queries: tl.tensor,
    keys: tl.tensor,
    values: tl.tensor,
    scale: tl.tensor,
    visible: tl.tensor,
    summed: tl.tensor,
    total: tl.tensor,
    highest: tl.tensor,
    MASKED: tl.constexpr,
) -> tuple[tl.tensor, tl.tensor, tl.tensor]:
    """Take one block of keys into an online softmax (base 2; ``scale`` carries log2 e)."""
    logits = tl.dot(queries, tl.trans(keys))
    if MASKED:
        logits = tl.where(visible, logits, float("-inf"))
    risen = tl.maximum(highest, tl.max(logits, 1) * scale)
    base = risen
    if MASKED:
        # A row that has seen no key yet would give the difference of two infinities.
        base = tl.where(risen == float("-inf"), 0.0, risen)
    weights = tl.exp2(logits * scale - base[:, None])
    shrink = tl.exp2(highest - base)
    total = total * shrink + tl.sum(weights, 1)
    summed = tl.dot(weights.to(values.dtype), values, summed * shrink[:, None])
    return summed, total, risen


@triton.jit
def _token_kernel(
    q_ptr: tl.tensor,
    k_ptr: tl.tensor,
    v_ptr: tl.tensor,
    out_ptr: tl.tensor,
    lists_ptr: tl.tensor,
    counts_ptr: tl.tensor,
    scale: tl.tensor,
    length: tl.tensor,
    list_row: tl.tensor,
    GROUP: tl.constexpr,
    ROWS: tl.constexpr,
    CHUNK: tl.constexpr,
    DIM: tl.constexpr,
) -> None:
    """Let one query, with all query heads of one kv head as rows, attend the keys of its own list.

    The query is the fast axis of the grid, so that one head's keys and values are what the cache holds.
    """
    query, kv_head = tl.program_id(0), tl.program_id(1)
    wide = tl.cast(length, tl.int64)  # a length of 1 is no tensor but a constant
    rows, dims = tl.arange(0, ROWS), tl.arange(0, DIM)
    places = ((kv_head * GROUP + rows) * wide + query)[:, None] * DIM + dims[None, :]
    is_head = rows[:, None] < GROUP
    queries = tl.load(q_ptr + places, mask=is_head, other=0.0)
    keys_of_head, values_of_head = k_ptr + kv_head * wide * DIM, v_ptr + kv_head * wide * DIM
    count = tl.load(counts_ptr + query)
    chosen_ptr = lists_ptr + query.to(tl.int64) * list_row
    summed = tl.zeros([ROWS, DIM], dtype=tl.float32)
    total = tl.zeros([ROWS], dtype=tl.float32)
    highest = tl.full([ROWS], float("-inf"), dtype=tl.float32)
    for start in range(0, count, CHUNK):
        entries = start + tl.arange(0, CHUNK)
        inside = entries < count
        chosen = tl.load(chosen_ptr + entries, mask=inside, other=0)
        where = chosen[:, None] * DIM + dims[None, :]
        keys = tl.load(keys_of_head + where, mask=inside[:, None], other=0.0)
        values = tl.load(values_of_head + where, mask=inside[:, None], other=0.0)
        summed, total, highest = _attend(
            queries, keys, values, scale, inside[None, :], summed, total, highest, True
        )
    # A query with an empty list keeps a total of zero, and gets zeros.
    result = summed / tl.where(total == 0.0, 1.0, total)[:, None]
    tl.store(out_ptr + places, result.to(out_ptr.dtype.element_ty), mask=is_head)


@triton.jit
def _block_kernel(
    q_ptr: tl.tensor,
    k_ptr: tl.tensor,
    v_ptr: tl.tensor,
    out_ptr: tl.tensor,
    log_ptr: tl.tensor,
    lists_ptr: tl.tensor,
    full_ptr: tl.tensor,
    counts_ptr: tl.tensor,
    scale: tl.tensor,
    length: tl.tensor,
    list_row: tl.tensor,
    GROUP: tl.constexpr,
    PACK: tl.constexpr,
    TILE: tl.constexpr,
    BLOCK: tl.constexpr,
    DIM: tl.constexpr,
) -> None:
    """Let a tile of queries, of ``PACK`` heads of one kv head, attend the key blocks of its list.

    The first ``full`` blocks of a list lie before the tile and need no mask.
    """
    tile = tl.num_programs(0) - 1 - tl.program_id(0)  # the longest lists begin first
    first_head = tl.program_id(1) * PACK
    kv_head = first_head // GROUP
    wide = tl.cast(length, tl.int64)  # a length of 1 is no tensor but a constant
    rows, dims = tl.arange(0, TILE * PACK), tl.arange(0, DIM)
    tokens = tile * TILE + rows // PACK
    heads = first_head + rows % PACK
    is_row = tokens < length
    at = heads * wide + tokens
    places = at[:, None] * DIM + dims[None, :]
    queries = tl.load(q_ptr + places, mask=is_row[:, None], other=0.0)
    keys_of_head, values_of_head = k_ptr + kv_head * wide * DIM, v_ptr + kv_head * wide * DIM
    blocks = lists_ptr + tile * list_row
    full, count = tl.load(full_ptr + tile), tl.load(counts_ptr + tile)
    summed = tl.zeros([TILE * PACK, DIM], dtype=tl.float32)
    total = tl.zeros([TILE * PACK], dtype=tl.float32)
    highest = tl.full([TILE * PACK], float("-inf"), dtype=tl.float32)
    for place in range(0, full):
        columns = tl.load(blocks + place) * BLOCK + tl.arange(0, BLOCK)
        where = columns[:, None] * DIM + dims[None, :]
        keys = tl.load(keys_of_head + where)
        values = tl.load(values_of_head + where)
        summed, total, highest = _attend(
            queries, keys, values, scale, is_row[:, None], summed, total, highest, False
        )
    for place in range(full, count):
        columns = tl.load(blocks + place) * BLOCK + tl.arange(0, BLOCK)
        keys = _load_rows(keys_of_head, columns, length, DIM)
        values = _load_rows(values_of_head, columns, length, DIM)
        visible = columns[None, :] <= tokens[:, None]
        summed, total, highest = _attend(queries, keys, values, scale, visible, summed, total, highest, True)
    is_empty = total == 0.0
    safe = tl.where(is_empty, 1.0, total)
    tl.store(out_ptr + places, (summed / safe[:, None]).to(out_ptr.dtype.element_ty), mask=is_row[:, None])
    # Infinity makes every weight of an empty row zero in the backward pass.
    logarithm = tl.where(is_empty, float("inf"), highest + tl.log2(safe))
    tl.store(log_ptr + at, logarithm, mask=is_row)


@triton.jit
def _skip_kernel(
    q_ptr: tl.tensor,
    k_ptr: tl.tensor,
    v_ptr: tl.tensor,
    out_ptr: tl.tensor,
    skipped_ptr: tl.tensor,
    thresholds_ptr: tl.tensor,
    scale: tl.tensor,
    length: tl.tensor,
    GROUP: tl.constexpr,
    TILE: tl.constexpr,
    BLOCK: tl.constexpr,
    DIM: tl.constexpr,
) -> None:
    """Compute every tile of logits, and leave out the values of those that stay below the threshold.

    Block Sparse Flash Attention: the mass of a tile that is left out is missing from the normaliser too, and
    the blocks on the diagonal are always kept.  Thresholds are of natural logits, one per head and tile.
    """
    tile, head = tl.num_programs(0) - 1 - tl.program_id(0), tl.program_id(1)
    wide = tl.cast(length, tl.int64)  # a length of 1 is no tensor but a constant
    tokens, dims = tile * TILE + tl.arange(0, TILE), tl.arange(0, DIM)
    is_row = tokens < length
    queries = _load_rows(q_ptr + head * wide * DIM, tokens, length, DIM)
    keys_of_head = k_ptr + (head // GROUP) * wide * DIM
    values_of_head = v_ptr + (head // GROUP) * wide * DIM
    threshold = tl.load(thresholds_ptr + head * tl.num_programs(0) + tile) * 1.4426950408889634
    summed = tl.zeros([TILE, DIM], dtype=tl.float32)
    total = tl.zeros([TILE], dtype=tl.float32)
    highest = tl.full([TILE], float("-inf"), dtype=tl.float32)
    skipped = 0
    before = tile * TILE // BLOCK  # blocks that lie wholly before the tile
    for block in range(0, before):
        columns = block * BLOCK + tl.arange(0, BLOCK)
        where = columns[:, None] * DIM + dims[None, :]
        logits = tl.dot(queries, tl.trans(tl.load(keys_of_head + where)))
        peaks = tl.max(logits, 1) * scale
        if tl.max(tl.where(is_row, peaks, float("-inf")), 0) >= threshold:
            risen = tl.maximum(highest, peaks)
            weights = tl.exp2(logits * scale - risen[:, None])
            shrink = tl.exp2(highest - risen)
            total = total * shrink + tl.sum(weights, 1)
            values = tl.load(values_of_head + where)
            summed = tl.dot(weights.to(values.dtype), values, summed * shrink[:, None])
            highest = risen
        else:
            skipped += 1
    end = (tl.minimum((tile + 1) * TILE, length) + BLOCK - 1) // BLOCK
    for block in range(before, end):
        columns = block * BLOCK + tl.arange(0, BLOCK)
        keys = _load_rows(keys_of_head, columns, length, DIM)
        values = _load_rows(values_of_head, columns, length, DIM)
        visible = columns[None, :] <= tokens[:, None]
        summed, total, highest = _attend(queries, keys, values, scale, visible, summed, total, highest, True)
    places = head * wide * DIM + tokens[:, None] * DIM + dims[None, :]
    tl.store(out_ptr + places, (summed / total[:, None]).to(out_ptr.dtype.element_ty), mask=is_row[:, None])
    tl.store(skipped_ptr + head * tl.num_programs(0) + tile, skipped)


# -----------------------------------------------------------------------------------------------------------
# Backward pass of the tile-shared attention


@triton.jit
def _block_backward_queries(
    q_ptr: tl.tensor,
    k_ptr: tl.tensor,
    v_ptr: tl.tensor,
    slope_ptr: tl.tensor,
    log_ptr: tl.tensor,
    delta_ptr: tl.tensor,
    dq_ptr: tl.tensor,
    lists_ptr: tl.tensor,
    counts_ptr: tl.tensor,
    scale: tl.tensor,
    length: tl.tensor,
    list_row: tl.tensor,
    GROUP: tl.constexpr,
    TILE: tl.constexpr,
    BLOCK: tl.constexpr,
    DIM: tl.constexpr,
) -> None:
    """Give the gradient of a tile of queries of one head; weights are computed again."""
    tile, head = tl.program_id(0), tl.program_id(1)
    wide = tl.cast(length, tl.int64)  # a length of 1 is no tensor but a constant
    tokens, dims = tile * TILE + tl.arange(0, TILE), tl.arange(0, DIM)
    is_row = tokens < length
    base = head * wide
    queries = _load_rows(q_ptr + base * DIM, tokens, length, DIM)
    slopes = _load_rows(slope_ptr + base * DIM, tokens, length, DIM)
    logarithm = tl.load(log_ptr + base + tokens, mask=is_row, other=float("inf"))
    delta = tl.load(delta_ptr + base + tokens, mask=is_row, other=0.0)
    keys_of_head = k_ptr + (head // GROUP) * wide * DIM
    values_of_head = v_ptr + (head // GROUP) * wide * DIM
    gradient = tl.zeros([TILE, DIM], dtype=tl.float32)
    for place in range(0, tl.load(counts_ptr + tile)):
        columns = tl.load(lists_ptr + tile * list_row + place) * BLOCK + tl.arange(0, BLOCK)
        keys = _load_rows(keys_of_head, columns, length, DIM)
        values = _load_rows(values_of_head, columns, length, DIM)
        logits = tl.dot(queries, tl.trans(keys)) * scale
        visible = columns[None, :] <= tokens[:, None]
        weights = tl.where(visible, tl.exp2(logits - logarithm[:, None]), 0.0)
        slope = weights * (tl.dot(slopes, tl.trans(values)) - delta[:, None])
        gradient = tl.dot(slope.to(keys.dtype), keys, gradient)
    places = base * DIM + tokens[:, None] * DIM + dims[None, :]
    gradient *= scale * 0.6931471805599453
    tl.store(dq_ptr + places, gradient.to(dq_ptr.dtype.element_ty), mask=is_row[:, None])


@triton.jit
def _block_backward_keys(
    q_ptr: tl.tensor,
    k_ptr: tl.tensor,
    v_ptr: tl.tensor,
    slope_ptr: tl.tensor,
    log_ptr: tl.tensor,
    delta_ptr: tl.tensor,
    dk_ptr: tl.tensor,
    dv_ptr: tl.tensor,
    tiles_ptr: tl.tensor,
    begins_ptr: tl.tensor,
    scale: tl.tensor,
    length: tl.tensor,
    GROUP: tl.constexpr,
    TILE: tl.constexpr,
    BLOCK: tl.constexpr,
    DIM: tl.constexpr,
) -> None:
    """Give the gradients of a block of keys and values, from every tile that lists it.

    One program owns the block, with all query heads of its group: nothing is added atomically, and the result
    is the same every time.
    """
    block, kv_head = tl.program_id(0), tl.program_id(1)
    wide = tl.cast(length, tl.int64)  # a length of 1 is no tensor but a constant
    columns, dims = block * BLOCK + tl.arange(0, BLOCK), tl.arange(0, DIM)
    keys = _load_rows(k_ptr + kv_head * wide * DIM, columns, length, DIM)
    values = _load_rows(v_ptr + kv_head * wide * DIM, columns, length, DIM)
    key_gradient = tl.zeros([BLOCK, DIM], dtype=tl.float32)
    value_gradient = tl.zeros([BLOCK, DIM], dtype=tl.float32)
    begin, end = tl.load(begins_ptr + block), tl.load(begins_ptr + block + 1)
    for step in range(begin * GROUP, end * GROUP):
        base = (kv_head * GROUP + step % GROUP) * wide
        tokens = tl.load(tiles_ptr + step // GROUP) * TILE + tl.arange(0, TILE)
        queries = _load_rows(q_ptr + base * DIM, tokens, length, DIM)
        slopes = _load_rows(slope_ptr + base * DIM, tokens, length, DIM)
        logarithm = tl.load(log_ptr + base + tokens, mask=tokens < length, other=float("inf"))
        delta = tl.load(delta_ptr + base + tokens, mask=tokens < length, other=0.0)
        logits = tl.dot(keys, tl.trans(queries)) * scale
        visible = (columns[:, None] <= tokens[None, :]) & (columns[:, None] < length)
        weights = tl.where(visible, tl.exp2(logits - logarithm[None, :]), 0.0)
        value_gradient = tl.dot(weights.to(slopes.dtype), slopes, value_gradient)
        slope = weights * (tl.dot(values, tl.trans(slopes)) - delta[None, :])
        key_gradient = tl.dot(slope.to(queries.dtype), queries, key_gradient)
    key_gradient *= scale * 0.6931471805599453
    places = kv_head * wide * DIM + columns[:, None] * DIM + dims[None, :]
    inside = columns[:, None] < length
    tl.store(dk_ptr + places, key_gradient.to(dk_ptr.dtype.element_ty), mask=inside)
    tl.store(dv_ptr + places, value_gradient.to(dv_ptr.dtype.element_ty), mask=inside)


# -----------------------------------------------------------------------------------------------------------
# Decoding


@triton.jit
def _decode_kernel(
    q_ptr: tl.tensor,
    k_ptr: tl.tensor,
    v_ptr: tl.tensor,
    part_ptr: tl.tensor,
    total_ptr: tl.tensor,
    highest_ptr: tl.tensor,
    lists_ptr: tl.tensor,
    counts_ptr: tl.tensor,
    scale: tl.tensor,
    length: tl.tensor,
    list_row: tl.tensor,
    share: tl.tensor,
    GROUP: tl.constexpr,
    ROWS: tl.constexpr,
    BLOCK: tl.constexpr,
    DIM: tl.constexpr,
    LISTED: tl.constexpr,
) -> None:
    """Attend one share of the keys, or of a list of them, with the heads of one kv head as rows."""
    split, kv_head, batch = tl.program_id(0), tl.program_id(1), tl.program_id(2).to(tl.int64)
    rows, dims = tl.arange(0, ROWS), tl.arange(0, DIM)
    heads = (batch * tl.num_programs(1) + kv_head) * GROUP + rows
    is_head = rows < GROUP
    queries = tl.load(q_ptr + heads[:, None] * DIM + dims[None, :], mask=is_head[:, None], other=0.0)
    base = (batch * tl.num_programs(1) + kv_head) * length * DIM
    count = length
    if LISTED:
        count = tl.load(counts_ptr + batch)
    summed = tl.zeros([ROWS, DIM], dtype=tl.float32)
    total = tl.zeros([ROWS], dtype=tl.float32)
    highest = tl.full([ROWS], float("-inf"), dtype=tl.float32)
    for start in range(split * share, tl.minimum((split + 1) * share, count), BLOCK):
        entries = start + tl.arange(0, BLOCK)
        inside = entries < count
        chosen = entries
        if LISTED:
            chosen = tl.load(lists_ptr + batch * list_row + entries, mask=inside, other=0)
        where = base + chosen[:, None] * DIM + dims[None, :]
        keys = tl.load(k_ptr + where, mask=inside[:, None], other=0.0)
        values = tl.load(v_ptr + where, mask=inside[:, None], other=0.0)
        summed, total, highest = _attend(
            queries, keys, values, scale, inside[None, :], summed, total, highest, True
        )
    places = heads * tl.num_programs(0) + split
    tl.store(part_ptr + places[:, None] * DIM + dims[None, :], summed, mask=is_head[:, None])
    tl.store(total_ptr + places, total, mask=is_head)
    tl.store(highest_ptr + places, highest, mask=is_head)


@triton.jit
def _decode_merge_kernel(
    part_ptr: tl.tensor,
    total_ptr: tl.tensor,
    highest_ptr: tl.tensor,
    out_ptr: tl.tensor,
    splits: tl.tensor,
    SPLITS: tl.constexpr,
    DIM: tl.constexpr,
) -> None:
    """Merge the shares of one head."""
    head = tl.program_id(0).to(tl.int64)
    places, dims = tl.arange(0, SPLITS), tl.arange(0, DIM)
    inside = places < splits
    highest = tl.load(highest_ptr + head * splits + places, mask=inside, other=float("-inf"))
    peak = tl.max(highest, 0)
    weights = tl.exp2(highest - tl.where(peak == float("-inf"), 0.0, peak))
    total = tl.sum(weights * tl.load(total_ptr + head * splits + places, mask=inside, other=0.0), 0)
    where = (head * splits + places)[:, None] * DIM + dims[None, :]
    parts = tl.load(part_ptr + where, mask=inside[:, None], other=0.0)
    result = tl.sum(parts * weights[:, None], 0) / tl.where(total == 0.0, 1.0, total)
    tl.store(out_ptr + head * DIM + dims, result.to(out_ptr.dtype.element_ty))


@triton.jit
def _sigmoid_limit_kernel(
    x_ptr: tl.tensor, out_ptr: tl.tensor, ROUNDS: tl.constexpr, BLOCK: tl.constexpr, APPROXIMATE: tl.constexpr
) -> None:
    """Apply a sigmoid many times to numbers that stay in registers: what the special-function unit gives."""
    places = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    x = tl.load(x_ptr + places)
    for _ in range(ROUNDS):
        x = _activated(x, "sigmoid", APPROXIMATE)
    tl.store(out_ptr + places, x)


# -----------------------------------------------------------------------------------------------------------
# How kernels are called


@dataclass(frozen=True)
class Launch:
    """How a kernel is launched: what a GPU may be tuned by, and results don't depend on."""

    warps: int = 4
    stages: int = 2
    pack: int = 1

    @property
    def options(self) -> dict[str, int]:
        """The options of a Triton launch."""
        return {"num_warps": self.warps, "num_stages": self.stages}


@dataclass(frozen=True)
class BlockLists:
    """For each tile of queries the key blocks that it attends, in rising order.

    The first ``full`` of a list lie wholly before the tile; entries from ``counts`` on mean nothing.
    """

    lists: torch.Tensor
    full: torch.Tensor
    counts: torch.Tensor
    tile: int
    block: int


@dataclass(frozen=True)
class TokenLists:
    """For each query the keys that it attends; entries from ``counts`` on mean nothing."""

    lists: torch.Tensor
    counts: torch.Tensor


@dataclass(frozen=True)
class Indexer:
    """What the indexer scores: queries ``[heads, L, dim]``, keys ``[L, dim]``, gates ``[heads, L]``, biases.

    ``gate`` already went through its sigmoid, except for the kind ``relu``, whose weights have none.
    """

    queries: torch.Tensor
    keys: torch.Tensor
    gate: torch.Tensor
    bias: torch.Tensor

    @property
    def length(self) -> int:
        """How many tokens there are."""
        return self.keys.shape[0]


def ceil_div(count: int, size: int) -> int:
    """Return how many pieces of a size cover a count."""
    return -(-count // size)


def _require_known(q: torch.Tensor) -> None:
    """Refuse what Triton's interpreter would multiply bit by bit, without a word."""
    if IS_INTERPRETED and q.dtype == torch.bfloat16:
        raise ValueError("Triton's interpreter can't multiply bfloat16: float16 and float32 work")


def _rows(group: int) -> int:
    return max(_LEAST_ROWS, triton.next_power_of_2(group))


def _run_index(
    indexer: Indexer,
    out: torch.Tensor,
    moments: tuple[torch.Tensor, torch.Tensor],
    bounds: tuple[int, int],
    sizes: tuple[int, int, int],
    kind: str,
    output: str,
    approximate: bool,
    launch: Launch,
) -> None:
    _require_known(indexer.queries)
    heads, length, dim = indexer.queries.shape
    if heads not in {1, 2, 4} or kind not in KINDS:
        raise ValueError(f"no indexer has {heads} heads of kind {kind}")
    first, last = bounds
    tile, block, span = sizes
    grid = (ceil_div(last - first, tile), ceil_div(ceil_div(last, block), span))
    _index_kernel[grid](
        indexer.queries, indexer.keys, indexer.gate, indexer.bias, out, *moments,
        1 / math.sqrt(dim), first, last, length, out.stride(0),
        HEADS=heads, DIM=dim, TILE=tile, BLOCK=block, SPAN=span, KIND=kind, OUTPUT=output,
        APPROXIMATE=approximate, **launch.options,
    )  # fmt: skip


def index_scores(
    indexer: Indexer,
    first: int,
    last: int,
    *,
    kind: str = "gated-sigmoid",
    dtype: torch.dtype = torch.float32,
    out: torch.Tensor | None = None,
    sizes: tuple[int, int, int] = (64, 64, 8),
    approximate: bool = False,
    launch: Launch = Launch(),
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the scores of queries ``first .. last - 1`` against keys ``0 .. last - 1``, and rows' variances.

    Future keys score minus infinity and don't count for the variance.  ``sizes`` are the rows and columns of
    a tile, and how many of them one program scores.
    """
    _, block, span = sizes
    keys = indexer.keys
    if out is None:
        out = torch.empty((last - first, last), dtype=dtype, device=keys.device)
    else:
        out = out[: last - first, :last]
    spans = ceil_div(ceil_div(last, block), span)
    sums, squares = torch.empty((2, spans, indexer.length), dtype=torch.float32, device=keys.device)
    _run_index(
        indexer, out, (sums, squares), (first, last), sizes, kind, "scores", approximate, launch
    )  # fmt: skip
    seen = torch.arange(first + 1, last + 1, device=keys.device)
    mean = sums[:, first:last].sum(0) / seen
    variance = (squares[:, first:last].sum(0) / seen - mean.square()).clamp_(min=0)
    return out, variance


def block_scores(
    indexer: Indexer,
    tile: int,
    block: int,
    *,
    kind: str = "gated-sigmoid",
    reduce: str = "max",
    span: int = 8,
    approximate: bool = False,
    launch: Launch = Launch(),
) -> torch.Tensor:
    """Return one score per tile of queries and block of keys: the largest or the mean of its visible pairs.

    Blocks that no query of the tile sees score minus infinity.
    """
    length, device = indexer.length, indexer.keys.device
    shape = (ceil_div(length, tile), ceil_div(length, block))
    out = torch.full(shape, -math.inf, dtype=torch.float32, device=device)
    sizes = (tile, block, span)
    _run_index(indexer, out, (out, out), (0, length), sizes, kind, reduce, approximate, launch)
    return out


def decode_scores(
    queries: torch.Tensor,
    keys: torch.Tensor,
    gate: torch.Tensor,
    bias: torch.Tensor,
    block: int = 128,
    launch: Launch = Launch(),
) -> torch.Tensor:
    """Return the gated scores of one query of each sequence, ``[batch, heads, dim]``, against its keys."""
    _require_known(queries)
    batch, heads, dim = queries.shape
    length = keys.shape[1]
    out = torch.empty((batch, length), dtype=torch.float32, device=keys.device)
    _decode_index_kernel[(ceil_div(length, block), batch)](
        queries, keys, gate, bias, out, 1 / math.sqrt(dim), length,
        HEADS=heads, ROWS=_rows(heads), DIM=dim, BLOCK=block, **launch.options,
    )  # fmt: skip
    return out


def adaptive_counts(
    variance: torch.Tensor, base: int, least: int, most: int, tau: float = 1.0
) -> torch.Tensor:
    """Return how many keys each query selects: fewer where its scores vary more, never more than it sees.

    The variance is divided by its mean over all queries.
    """
    relative = variance / variance.mean().clamp_(min=torch.finfo(variance.dtype).tiny)
    wanted = (base * (0.5 + 1 / (1 + tau * relative))).round().clamp(least, most)
    seen = torch.arange(1, len(variance) + 1, device=variance.device)
    return torch.minimum(wanted, seen).to(torch.int32)


def token_attention(
    q: torch.Tensor,
    k: torch.Tensor,
    v: torch.Tensor,
    chosen: TokenLists,
    chunk: int = 64,
    launch: Launch = Launch(),
) -> torch.Tensor:
    """Let each query attend the keys of its list; one whose list is empty gets zeros."""
    _require_known(q)
    heads, length, dim = q.shape
    group = heads // k.shape[0]
    out = torch.empty_like(q)
    _token_kernel[(length, k.shape[0])](
        q, k, v, out, chosen.lists, chosen.counts, LOG2_E / math.sqrt(dim), length, chosen.lists.stride(0),
        GROUP=group, ROWS=_rows(group), CHUNK=chunk, DIM=dim, **launch.options,
    )  # fmt: skip
    return out


def select_blocks(scores: torch.Tensor, keep: int, tile: int, block: int) -> BlockLists:
    """Return each tile's best blocks by score; those on the diagonal are always among them."""
    tiles, blocks = scores.shape
    device = scores.device
    first = torch.arange(tiles, device=device)[:, None] * tile
    column = torch.arange(blocks, device=device)[None, :]
    is_diagonal = (column * block < first + tile) & ((column + 1) * block > first)
    kept = min(blocks, max(keep, ceil_div(tile, block) + 1))
    found = torch.where(is_diagonal, math.inf, scores).topk(kept, dim=1, sorted=False)
    is_chosen = found.values > -math.inf
    # More than ``keep`` were taken only to make room for the diagonal.
    if kept > keep:
        order = found.values.argsort(dim=1, descending=True).argsort(dim=1)
        is_chosen &= (order < keep) | (found.values == math.inf)
    return _listed(torch.where(is_chosen, found.indices, blocks), is_chosen, tile, block)


def _listed(chosen: torch.Tensor, is_chosen: torch.Tensor, tile: int, block: int) -> BlockLists:
    """Return lists of chosen blocks; what isn't chosen holds the largest number of all."""
    lists = chosen.sort(dim=1).values.to(torch.int32)
    counts = is_chosen.sum(1, dtype=torch.int32)
    first = torch.arange(len(lists), device=lists.device)[:, None] * tile
    full = (is_chosen & ((chosen + 1) * block <= first)).sum(1, dtype=torch.int32)
    return BlockLists(lists.contiguous(), full, counts, tile, block)


def window_lists(
    length: int, window: int, sinks: int, tile: int, block: int, device: torch.device | str
) -> BlockLists:
    """Return the lists of a sliding window behind the first ``sinks`` blocks, in whole blocks.

    A tile sees the blocks that the window of its first query reaches, up to its diagonal.
    """
    tiles, blocks = ceil_div(length, tile), ceil_div(length, block)
    most = min(blocks, sinks + ceil_div(window, block) + ceil_div(tile, block) + 1)
    first = torch.arange(tiles, device=device)[:, None] * tile
    last = torch.clamp((first + tile - 1) // block, max=blocks - 1)
    begin = torch.clamp((first - window + 1) // block, min=0)
    place = torch.arange(most, device=device)[None, :]
    chosen = torch.where(place < sinks, place, begin.clamp(min=sinks) + place - sinks)
    is_chosen = chosen <= last
    return _listed(torch.where(is_chosen, chosen, blocks), is_chosen, tile, block)


def all_blocks(length: int, tile: int, block: int, device: torch.device | str) -> BlockLists:
    """Return the lists of dense causal attention."""
    scores = torch.zeros((ceil_div(length, tile), ceil_div(length, block)), device=device)
    column = torch.arange(scores.shape[1], device=device)[None, :] * block
    last = torch.arange(1, len(scores) + 1, device=device)[:, None] * tile
    scores = scores.masked_fill(column >= last, -math.inf)
    return select_blocks(scores, scores.shape[1], tile, block)


def visible_pairs(chosen: BlockLists, length: int) -> int:
    """Return how many pairs of query and key the lists admit: exact, from the lists."""
    lists = chosen.lists.long()
    place = torch.arange(lists.shape[1], device=lists.device)[None, :]
    total = 0
    for offset in range(chosen.tile):
        token = torch.arange(len(lists), device=lists.device)[:, None] * chosen.tile + offset
        seen = (token - lists * chosen.block + 1).clamp(0, chosen.block)
        total += int((seen * ((place < chosen.counts[:, None]) & (token < length))).sum())
    return total


def block_attention(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, chosen: BlockLists, launch: Launch = Launch()
) -> tuple[torch.Tensor, torch.Tensor]:
    """Let each tile of queries attend the blocks of its list, causally; return that and rows' log2 mass."""
    _require_known(q)
    heads, length, dim = q.shape
    group = heads // k.shape[0]
    pack = math.gcd(launch.pack, group)
    out = torch.empty_like(q)
    logarithm = torch.empty((heads, length), dtype=torch.float32, device=q.device)
    _block_kernel[(len(chosen.lists), heads // pack)](
        q, k, v, out, logarithm, chosen.lists, chosen.full, chosen.counts,
        LOG2_E / math.sqrt(dim), length, chosen.lists.stride(0),
        GROUP=group, PACK=pack, TILE=chosen.tile, BLOCK=chosen.block, DIM=dim, **launch.options,
    )  # fmt: skip
    return out, logarithm


def _tiles_of_blocks(chosen: BlockLists, blocks: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the tiles that list each block, one after another, and where each block's begin."""
    lists = chosen.lists.long()
    place = torch.arange(lists.shape[1], device=lists.device)[None, :]
    listed = torch.where(place < chosen.counts[:, None], lists, blocks).reshape(-1)
    order = listed.sort(stable=True)
    tiles = (order.indices // lists.shape[1]).to(torch.int32)
    begins = torch.searchsorted(order.values, torch.arange(blocks + 1, device=lists.device))
    return tiles, begins.to(torch.int32)


def block_attention_backward(
    slope: torch.Tensor,
    saved: tuple[torch.Tensor, ...],
    chosen: BlockLists,
    launch: Launch = Launch(),
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return the gradients of queries, keys and values; ``saved`` is q, k, v, output and log2 mass."""
    q, k, v, out, logarithm = saved
    heads, length, dim = q.shape
    kv_heads = k.shape[0]
    slope = slope.contiguous()
    delta = (out.float() * slope.float()).sum(-1)
    dq, dk, dv = torch.empty_like(q), torch.empty_like(k), torch.empty_like(v)
    scale = LOG2_E / math.sqrt(dim)
    sizes = {"GROUP": heads // kv_heads, "TILE": chosen.tile, "BLOCK": chosen.block, "DIM": dim}
    given = (q, k, v, slope, logarithm, delta)
    _block_backward_queries[(len(chosen.lists), heads)](
        *given,
        dq,
        chosen.lists,
        chosen.counts,
        scale,
        length,
        chosen.lists.stride(0),
        **sizes,
        **launch.options,
    )
    blocks = ceil_div(length, chosen.block)
    tiles, begins = _tiles_of_blocks(chosen, blocks)
    _block_backward_keys[(blocks, kv_heads)](
        *given, dk, dv, tiles, begins, scale, length, **sizes, **launch.options
    )
    return dq, dk, dv


class BlockAttention(torch.autograd.Function):
    """The tile-shared attention with its gradients, both as kernels; the lists get none."""

    @staticmethod
    def forward(
        ctx: Any, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, chosen: BlockLists, launch: Launch
    ) -> torch.Tensor:
        """Attend, and keep what the gradients need."""
        out, logarithm = block_attention(q, k, v, chosen, launch)
        ctx.save_for_backward(q, k, v, out, logarithm)
        ctx.chosen, ctx.launch = chosen, launch
        return out

    @staticmethod
    def backward(ctx: Any, slope: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        """Return the gradients."""
        return (*block_attention_backward(slope, ctx.saved_tensors, ctx.chosen, ctx.launch), None, None)


def skip_attention(
    q: torch.Tensor,
    k: torch.Tensor,
    v: torch.Tensor,
    thresholds: torch.Tensor,
    tile: int = 128,
    block: int = 64,
    launch: Launch = Launch(),
) -> tuple[torch.Tensor, torch.Tensor]:
    """Attend causally without the blocks whose largest logit is below ``thresholds[head, tile]``.

    Return that and how many blocks each head and tile left out.
    """
    _require_known(q)
    heads, length, dim = q.shape
    tiles = ceil_div(length, tile)
    if thresholds.shape != (heads, tiles) or tile % block:
        raise ValueError(
            f"thresholds for {heads} heads and {tiles} tiles of whole blocks, not {thresholds.shape}"
        )
    out = torch.empty_like(q)
    skipped = torch.empty((heads, tiles), dtype=torch.int32, device=q.device)
    _skip_kernel[(tiles, heads)](
        q, k, v, out, skipped, thresholds, LOG2_E / math.sqrt(dim), length,
        GROUP=heads // k.shape[0], TILE=tile, BLOCK=block, DIM=dim, **launch.options,
    )  # fmt: skip
    return out, skipped


def decode_attention(
    q: torch.Tensor,
    k: torch.Tensor,
    v: torch.Tensor,
    chosen: TokenLists | None = None,
    *,
    splits: int = 8,
    block: int = 64,
    launch: Launch = Launch(),
) -> torch.Tensor:
    """Let one query of each sequence, ``[batch, heads, dim]``, attend all its keys, or those of its list.

    Keys and values are ``[batch, kv heads, L, dim]``.  The work is cut into ``splits`` shares of whole
    blocks.
    """
    _require_known(q)
    batch, heads, dim = q.shape
    kv_heads, length = k.shape[1:3]
    group = heads // kv_heads
    most = length if chosen is None else chosen.lists.shape[1]
    share = ceil_div(ceil_div(most, block), splits) * block
    parts = torch.empty((batch * heads, splits, dim), dtype=torch.float32, device=q.device)
    total, highest = torch.empty((2, batch * heads, splits), dtype=torch.float32, device=q.device)
    # Without lists the kernel reads none; it is only given something to point at.
    lists, counts, row = (
        (total, total, 0) if chosen is None else (chosen.lists, chosen.counts, chosen.lists.stride(0))
    )
    _decode_kernel[(splits, kv_heads, batch)](
        q, k, v, parts, total, highest, lists, counts, LOG2_E / math.sqrt(dim), length, row, share,
        GROUP=group, ROWS=_rows(group), BLOCK=block, DIM=dim, LISTED=chosen is not None, **launch.options,
    )  # fmt: skip
    out = torch.empty_like(q)
    _decode_merge_kernel[(batch * heads,)](
        parts, total, highest, out, splits, SPLITS=triton.next_power_of_2(splits), DIM=dim
    )
    return out


def many_sigmoids(x: torch.Tensor, rounds: int, approximate: bool = False) -> torch.Tensor:
    """Return each number after ``rounds`` sigmoids; their count must be a multiple of 1024."""
    out = torch.empty_like(x)
    _sigmoid_limit_kernel[(x.numel() // 1024,)](x, out, ROUNDS=rounds, BLOCK=1024, APPROXIMATE=approximate)
    return out


def gated(x: torch.Tensor, hidden: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """Return ``x * sigmoid(hidden @ weight + bias)``, as the output gate and the value gate do."""
    return torch.sigmoid_(torch.addmm(bias, hidden, weight)).mul_(x)


# -----------------------------------------------------------------------------------------------------------
# References, in double precision and without tiles


def reference_scores(indexer: Indexer, kind: str = "gated-sigmoid") -> torch.Tensor:
    """Return all scores of the indexer, ``[L, L]``; future keys score minus infinity."""
    q, k = indexer.queries.double(), indexer.keys.double()
    logits = q @ k.T / math.sqrt(q.shape[-1])
    gate, bias = indexer.gate.double()[:, :, None], indexer.bias.double()[:, None, None]
    if kind == "relu":
        scores = gate * logits.relu()
    elif kind == "sigmoid":
        scores = (logits + bias).sigmoid()
    else:
        scores = gate * (logits + bias).sigmoid()
    future = torch.ones(scores.shape[1:], dtype=torch.bool, device=k.device).triu(1)
    return scores.sum(0).masked_fill(future, -math.inf)


def reference_block_scores(scores: torch.Tensor, tile: int, block: int, reduce: str = "max") -> torch.Tensor:
    """Return what each tile of queries and block of keys has of a whole matrix of scores."""
    length = len(scores)
    rows = []
    for first in range(0, length, tile):
        pieces = [scores[first : first + tile, begin : begin + block] for begin in range(0, length, block)]
        if reduce == "max":
            rows.append([piece.max() for piece in pieces])
        else:
            rows.append([piece[piece > -math.inf].mean() for piece in pieces])
    # The mean of nothing is not a number.
    return torch.tensor([[float(one) for one in row] for row in rows]).nan_to_num(
        nan=-math.inf, neginf=-math.inf
    )


def reference_attention(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor
) -> torch.Tensor:
    """Return softmax attention where ``mask`` admits, for all heads or each; empty rows are zeros."""
    group = q.shape[-3] // k.shape[-3]
    keys, values = k.double().repeat_interleave(group, -3), v.double().repeat_interleave(group, -3)
    logits = q.double() @ keys.transpose(-1, -2) / math.sqrt(q.shape[-1])
    weights = logits.masked_fill(~mask, -math.inf).softmax(-1)
    return weights.nan_to_num(nan=0.0) @ values


def token_mask(chosen: TokenLists, length: int) -> torch.Tensor:
    """Return which keys each list admits."""
    lists = chosen.lists.long()
    inside = torch.arange(lists.shape[1], device=lists.device)[None, :] < chosen.counts[:, None]
    # One column more takes what lies beyond the counts.
    mask = torch.zeros((len(lists), length + 1), dtype=torch.bool, device=lists.device)
    return mask.scatter_(1, torch.where(inside, lists, length), True)[:, :length]


def block_mask(chosen: BlockLists, length: int) -> torch.Tensor:
    """Return which keys each query sees by the list of its tile and by causality."""
    blocks = ceil_div(length, chosen.block)
    tiles = token_mask(TokenLists(chosen.lists, chosen.counts), blocks)
    wide = tiles.repeat_interleave(chosen.tile, 0)[:length].repeat_interleave(chosen.block, 1)[:, :length]
    return wide & torch.ones((length, length), dtype=torch.bool, device=wide.device).tril()


def reference_skip_mask(
    q: torch.Tensor, k: torch.Tensor, thresholds: torch.Tensor, tile: int, block: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return which keys each head's queries keep, and how many blocks each head and tile leaves out."""
    heads, length, dim = q.shape
    keys = k.double().repeat_interleave(heads // k.shape[0], 0)
    logits = q.double() @ keys.transpose(-1, -2) / math.sqrt(dim)
    mask = torch.ones((length, length), dtype=torch.bool, device=q.device).tril().repeat(heads, 1, 1)
    skipped = torch.zeros(thresholds.shape, dtype=torch.int32)
    for head in range(heads):
        for place, first in enumerate(range(0, length, tile)):
            for begin in range(0, first - block + 1, block):
                piece = (head, slice(first, first + tile), slice(begin, begin + block))
                if logits[piece].max() < thresholds[head, place]:
                    mask[piece] = False
                    skipped[head, place] += 1
    return mask, skipped


def reference_rows(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, rows: torch.Tensor, mask: torch.Tensor
) -> torch.Tensor:
    """Return masked attention of some queries in single precision: all of a long sequence would not fit.

    ``mask`` is ``[rows, keys]``; the result ``[heads, rows, dim]``.
    """
    group = q.shape[0] // k.shape[0]
    found = []
    for kv_head in range(k.shape[0]):
        queries = q[kv_head * group : (kv_head + 1) * group, rows].float()
        logits = queries @ k[kv_head].float().T / math.sqrt(q.shape[-1])
        weights = logits.masked_fill(~mask, -math.inf).softmax(-1).nan_to_num(nan=0.0)
        found.append(weights @ v[kv_head].float())
    return torch.cat(found)
