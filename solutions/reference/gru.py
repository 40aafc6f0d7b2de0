"""Chapter 5: the GRU in torch's form and in the lecture's, from equations."""

import math

import torch

from rnnlab.layout import GRU_GATES, gate_slices


def gru_step(x, prev_hidden_state, weight_ih, weight_hh, bias_ih, bias_hh):
    """Advance a GRU by one time step, in torch's form.

    Equations:
        eq-gru-reset-gate, eq-gru-update-gate, eq-gru-candidate,
        eq-gru-hidden-state

    Args:
        x: Input at time t.
        prev_hidden_state: Hidden state at time t-1.
        weight_ih: Weights of the input, blocks in the order GRU_GATES.
        weight_hh: Weights of the previous hidden state, same order.
        bias_ih: First bias, same order.
        bias_hh: Second bias, same order; its last block stands behind the
            reset gate.

    Shapes:
        x:                 (batch, input_size)
        prev_hidden_state: (batch, hidden_size)
        weight_ih:         (3 * hidden_size, input_size)
        weight_hh:         (3 * hidden_size, hidden_size)
        bias_ih, bias_hh:  (3 * hidden_size,)

    Returns:
        Tensor: the hidden state at time t, (batch, hidden_size).

    Source:
        Cho et al. 2014, in the form of torch.nn.GRUCell. Departs from 2014:
        the reset gate acts on the product W_hn h + b_hn, not on h.
    """
    block = gate_slices(prev_hidden_state.shape[1], GRU_GATES)
    inputs = x @ weight_ih.T + bias_ih
    states = prev_hidden_state @ weight_hh.T + bias_hh
    reset_gate = torch.sigmoid(  # eq-gru-reset-gate
        inputs[:, block["reset"]] + states[:, block["reset"]]
    )
    update_gate = torch.sigmoid(  # eq-gru-update-gate
        inputs[:, block["update"]] + states[:, block["update"]]
    )
    hidden_candidate = torch.tanh(  # eq-gru-candidate
        inputs[:, block["new"]] + reset_gate * states[:, block["new"]]
    )
    return (  # eq-gru-hidden-state
        1 - update_gate
    ) * hidden_candidate + update_gate * prev_hidden_state


def lecture_gru_step(x, prev_hidden_state, weight_ih, weight_hh, bias):
    """Advance a GRU by one time step, in the lecture's form.

    The reset gate acts on the hidden state before the product, and an update
    gate of 0 keeps the hidden state.

    Equations:
        eq-gru-lecture-candidate, eq-gru-lecture-hidden-state

    Args:
        x: Input at time t.
        prev_hidden_state: Hidden state at time t-1.
        weight_ih: Weights of the input, blocks in the order GRU_GATES.
        weight_hh: Weights of the previous hidden state, same order.
        bias: The one bias, same order.

    Shapes:
        x:                 (batch, input_size)
        prev_hidden_state: (batch, hidden_size)
        weight_ih:         (3 * hidden_size, input_size)
        weight_hh:         (3 * hidden_size, hidden_size)
        bias:              (3 * hidden_size,)

    Returns:
        Tensor: the hidden state at time t, (batch, hidden_size).

    Source:
        Chung et al. 2014, with a bias. Cho et al. 2014 have the same
        candidate, and an update gate of 1 that keeps, as in torch.
    """
    block = gate_slices(prev_hidden_state.shape[1], GRU_GATES)
    reset, update, new = (block[name] for name in GRU_GATES)
    inputs = x @ weight_ih.T + bias
    reset_gate = torch.sigmoid(
        inputs[:, reset] + prev_hidden_state @ weight_hh[reset].T
    )
    update_gate = torch.sigmoid(
        inputs[:, update] + prev_hidden_state @ weight_hh[update].T
    )
    hidden_candidate = torch.tanh(  # eq-gru-lecture-candidate
        inputs[:, new] + (reset_gate * prev_hidden_state) @ weight_hh[new].T
    )
    return (  # eq-gru-lecture-hidden-state
        1 - update_gate
    ) * prev_hidden_state + update_gate * hidden_candidate


def convert_gru_parameters(weight_ih, weight_hh, bias_ih, bias_hh):
    """Return the parameters of the lecture's form for a GRU in torch's.

    The update gates are each other's complement, and 1 - sigmoid(a) is
    sigmoid(-a). Reset gate and candidate keep their weights. In unit i the
    two candidates then differ, before tanh, by

        sum over j of W_hn[i, j] * (r_i - r_j) * h_j, plus r_i * b_hn[i].

    That vanishes for every x and h if W_hn is diagonal and b_hn is 0. If no
    reset gate is constant and no two are equal, it vanishes only then.

    Equations:
        eq-gru-conversion

    Args:
        weight_ih: Weights of the input, blocks in the order GRU_GATES.
        weight_hh: Weights of the previous hidden state, same order.
        bias_ih: First bias, same order.
        bias_hh: Second bias, same order.

    Shapes:
        weight_ih:        (3 * hidden_size, input_size)
        weight_hh:        (3 * hidden_size, hidden_size)
        bias_ih, bias_hh: (3 * hidden_size,)
        bias:             (3 * hidden_size,)

    Returns:
        tuple: weight_ih, weight_hh and the one bias, all new tensors; with
            them ``lecture_gru_step`` does what ``gru_step`` did.

    Raises:
        ValueError: W_hn is not diagonal, or b_hn is not 0.
    """
    block = gate_slices(weight_hh.shape[1], GRU_GATES)
    across = weight_hh[block["new"]]
    if (across != torch.diag(across.diagonal())).any():
        raise ValueError(
            "W_hn is not diagonal: the reset gate does not commute with it, "
            "so the lecture's form has another candidate."
        )
    if bias_hh[block["new"]].any():
        raise ValueError(
            "b_hn is not 0: it stands behind the reset gate, where the "
            "lecture's form has no bias."
        )
    sign = torch.ones_like(bias_ih)
    sign[block["update"]] = -1  # eq-gru-conversion
    return (
        sign[:, None] * weight_ih,
        sign[:, None] * weight_hh,
        sign * (bias_ih + bias_hh),
    )


def gru_hold_forever(hidden_size):
    """Return biases with which a GRU of torch keeps its hidden state.

    A step moves the hidden state by (1 - z) * |n - h|, which is less than
    2 * (1 - z), and 1 - sigmoid(b) is about exp(-b). Weights and inputs take
    at most 2 from b. Over 10,000 steps the hidden state may move by 0.001.

    Equations:
        eq-gru-retention

    Args:
        hidden_size: Number of units.

    Shapes:
        bias_ih, bias_hh: (3 * hidden_size,)

    Returns:
        tuple: the two biases, float32, blocks in the order GRU_GATES.
    """
    update = gate_slices(hidden_size, GRU_GATES)["update"]
    bias_ih = torch.zeros(len(GRU_GATES) * hidden_size)
    # 2 * exp(2 - b) * 10_000 <= 0.001, and one more to be safe
    bias_ih[update] = 1 + 2 + math.log(2 * 10_000 / 1e-3)  # eq-gru-retention
    return bias_ih, torch.zeros_like(bias_ih)
