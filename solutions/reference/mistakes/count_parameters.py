"""Mistakes in count_parameters."""

from reference.catalogue import mistake
from reference.counting import BLOCKS


def _count(sizes, flags, **parts):
    """Count with replaceable parts.

    Args:
        sizes: kind, input_size, hidden_size and num_layers.
        flags: bias and bidirectional, where they are given.
        **parts: ``blocks`` by kind, ``biases`` of a row, ``width`` of a layer
            above the first, ``recurrent`` (weights of the hidden state in a
            row), ``directions``.
    """
    kind, input_size, hidden_size, num_layers = sizes
    two = 2 if flags.get("bidirectional") else 1
    directions = parts.get("directions", two)
    biases = parts.get("biases", 2 if flags.get("bias", True) else 0)
    width, total = input_size, 0
    for _ in range(num_layers):
        row = width + parts.get("recurrent", hidden_size) + biases
        rows = parts.get("blocks", BLOCKS)[kind] * hidden_size
        total += directions * rows * row
        width = parts.get("width", two * hidden_size)
    return total


@mistake(
    "count_parameters",
    "You count one bias for each row; torch has two, bias_ih and bias_hh.",
)
def one_bias(*sizes, **flags):
    """Count the biases of the equations, where two add up."""
    return _count(sizes, flags, biases=int(flags.get("bias", True)))


@mistake(
    "count_parameters",
    "Your count has no biases where torch has two for each row.",
)
def no_bias(*sizes, **flags):
    """Count weights alone."""
    return _count(sizes, flags, biases=0)


@mistake(
    "count_parameters",
    "You count biases although bias is False.",
)
def bias_flag_ignored(*sizes, **flags):
    """Always count two biases."""
    return _count(sizes, flags, biases=2)


@mistake(
    "count_parameters",
    "You count three blocks for an LSTM, one for each gate; the candidate "
    "has weights too.",
)
def lstm_without_candidate(*sizes, **flags):
    """Count the three gates of an LSTM."""
    return _count(sizes, flags, blocks={**BLOCKS, "LSTM": 3})


@mistake(
    "count_parameters",
    "You count two blocks for a GRU, one for each gate; the candidate has "
    "weights too.",
)
def gru_without_candidate(*sizes, **flags):
    """Count the two gates of a GRU."""
    return _count(sizes, flags, blocks={**BLOCKS, "GRU": 2})


@mistake(
    "count_parameters",
    "You count gates alone; each candidate is one more block.",
)
def gates_alone(*sizes, **flags):
    """Forget both candidates."""
    return _count(sizes, flags, blocks={"RNN": 1, "GRU": 2, "LSTM": 3})


@mistake(
    "count_parameters",
    "You count the blocks of an LSTM for a GRU; a GRU has three.",
)
def gru_like_an_lstm(*sizes, **flags):
    """Use four blocks for both."""
    return _count(sizes, flags, blocks={**BLOCKS, "GRU": 4})


@mistake(
    "count_parameters",
    "Every kind has one block in your count; an LSTM has four, a GRU three.",
)
def one_block_each(*sizes, **flags):
    """Count a vanilla RNN, whatever was asked for."""
    return _count(sizes, flags, blocks=dict.fromkeys(BLOCKS, 1))


@mistake(
    "count_parameters",
    "You let every layer read the inputs; layers above the first read the "
    "hidden states of the layer below.",
)
def all_layers_read_the_inputs(*sizes, **flags):
    """Multiply the first layer by num_layers."""
    return _count(sizes, flags, width=sizes[1])


@mistake(
    "count_parameters",
    "You count one layer, whatever num_layers is.",
)
def one_layer(kind, input_size, hidden_size, _, **flags):
    """Forget num_layers."""
    return _count((kind, input_size, hidden_size, 1), flags)


@mistake(
    "count_parameters",
    "Your second direction is counted, but the layers above still read one "
    "direction; they read both.",
)
def layers_above_read_one_direction(*sizes, **flags):
    """Multiply by two at the end."""
    return _count(sizes, flags, width=sizes[2])


@mistake(
    "count_parameters",
    "You ignore bidirectional; a second direction has weights of its own.",
)
def bidirectional_ignored(*sizes, **flags):
    """Count one direction."""
    return _count(sizes, {"bias": flags.get("bias", True)})


@mistake(
    "count_parameters",
    "Your rows have one weight for the hidden state; each reads all "
    "hidden_size units.",
)
def recurrent_weights_on_the_diagonal(*sizes, **flags):
    """Let each unit read itself alone."""
    return _count(sizes, flags, recurrent=1)
