"""Linear recurrences: the loop, trainable layers, and a task they fail at."""

import torch
from torch import nn

#: Blocks of a minimal GRU's weights; "new" is the hidden candidate.
MIN_GRU_GATES = ("update", "new")


def loop(gates, values, initial_state):
    """Run a linear recurrence step by step, as its definition says.

    Args:
        gates: What each state is multiplied by.
        values: What is added at each step.
        initial_state: The state before the first step.

    Equations:
        eq-linear-recurrence

    Shapes:
        gates, values: (seq_len, batch, hidden_size)
        initial_state: (batch, hidden_size)
        returns:       (seq_len, batch, hidden_size)

    Returns:
        Tensor: the state after each step.

    Example:
        >>> half, one = torch.full((3, 1, 1), 0.5), torch.ones(3, 1, 1)
        >>> loop(half, one, torch.zeros(1, 1)).flatten().tolist()
        [1.0, 1.5, 1.75]
    """
    hidden_state = initial_state
    hidden_states = []
    for gate, value in zip(gates, values, strict=True):
        hidden_state = gate * hidden_state + value
        hidden_states.append(hidden_state)
    return torch.stack(hidden_states)


class LinearRecurrence(nn.Module):
    """A trainable layer whose gates and values see the input alone.

    With gates between 0 and 1 it is a minimal GRU. With ``signed`` gates,
    between -1 and 1, a unit may also change the sign of its state.

    Args:
        input_size: Size of x_t.
        hidden_size: Number of units.
        seed: Draws the weights, uniform in +-1/sqrt(hidden_size), as torch
            does for its recurrent layers; the global generator stays
            untouched.
        signed: Gates from a tanh instead of a sigmoid.

    Equations:
        eq-min-gru-gate, eq-min-gru-candidate, eq-min-gru-hidden-state

    Shapes:
        inputs:  (seq_len, batch, input_size)
        returns: (seq_len, batch, hidden_size), and None in place of the last
            state, so that it can stand where torch's layers do

    Source:
        Feng et al. 2024 for the minimal GRU, Grazzi et al. 2024 for gates
        that may be negative. Departs from both: one layer and a linear
        readout, nothing around them.
    """

    def __init__(self, input_size, hidden_size, *, seed, signed=False):
        super().__init__()
        self.hidden_size = hidden_size
        self.signed = signed
        generator = torch.Generator().manual_seed(seed)
        rows = len(MIN_GRU_GATES) * hidden_size
        bound = hidden_size**-0.5
        self.weight_ih = nn.Parameter(torch.empty(rows, input_size))
        self.bias_ih = nn.Parameter(torch.empty(rows))
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -bound, bound, generator=generator)

    def gates_and_values(self, inputs):
        """Return what the recurrence multiplies by and what it adds."""
        blocks = nn.functional.linear(inputs, self.weight_ih, self.bias_ih)
        update, candidate = blocks.split(self.hidden_size, dim=-1)
        gates = update.tanh() if self.signed else update.sigmoid()
        return gates, (1 - gates.abs()) * candidate

    def forward(self, inputs):
        """Return the state after each step, and None."""
        gates, values = self.gates_and_values(inputs)
        initial_state = torch.zeros_like(values[0])
        return loop(gates, values, initial_state), None


def running_parity(seq_len, batch_size, generator):
    """Sample bits, and after each of them whether the ones so far are odd.

    Args:
        seq_len: Number of bits.
        batch_size: Number of sequences.
        generator: Where the random numbers come from.

    Shapes:
        inputs:  (seq_len, batch_size, 1), 0.0 or 1.0
        targets: (seq_len, batch_size), 1.0 where the number of ones is odd

    Returns:
        tuple: inputs and targets, float32, on the CPU.

    Source:
        Parity, the smallest task of state tracking in Grazzi et al. 2024,
        with an answer at every step.
    """
    bits = torch.randint(2, (seq_len, batch_size), generator=generator)
    return bits.float()[..., None], (bits.cumsum(0) % 2).float()


def parity_loss(outputs, targets):
    """Return the binary cross-entropy of every step's readout, in nats.

    Shapes:
        outputs: (seq_len, batch, 1), logits
        targets: (seq_len, batch), 0.0 or 1.0
    """
    return nn.functional.binary_cross_entropy_with_logits(
        outputs[..., 0], targets
    )


def parity_accuracy(outputs, targets):
    """Return the fraction of steps that are answered right.

    Shapes:
        outputs: (seq_len, batch, 1), logits
        targets: (seq_len, batch), 0.0 or 1.0
    """
    return ((outputs[..., 0] > 0) == (targets > 0.5)).double().mean()
