"""Cases of truncated backpropagation: a layer, a sequence and a chunk."""

from dataclasses import dataclass

from torch import nn

from rnnlab.checks.case import Case

_LAYERS = {"RNN": nn.RNN, "GRU": nn.GRU, "LSTM": nn.LSTM}


@dataclass(frozen=True)
class ChunkCase(Case):
    """A layer, a sequence and the length of a chunk.

    Attributes:
        layer: "RNN", "GRU" or "LSTM".
        chunk: Value of truncation_length.
        filled: Whether the parameters have gradients before the call.
    """

    layer: str = "RNN"
    chunk: int = 3
    filled: bool = False

    def describe(self):
        """Return what a learner needs to rebuild the case."""
        parts = f"{self.layer}, truncation_length {self.chunk}"
        return f"{parts}, {super().describe()}"

    def situation(self):
        """Return a layer, its inputs, its first state and the targets."""
        numbers = self.generator()
        seq_len, batch, width, units = self.sizes.values()
        layer = _LAYERS[self.layer](width, units, device="meta")
        layer = layer.to(self.dtype).to_empty(device=self.device)
        for parameter in layer.parameters():
            drawn = self.draw(numbers, *parameter.shape)
            parameter.data.copy_(drawn)
            if self.filled:
                parameter.grad = self.draw(numbers, *parameter.shape)
        inputs = self.draw(numbers, seq_len, batch, width)
        halves = [self.draw(numbers, 1, batch, units) for _ in range(2)]
        state = tuple(halves) if self.layer == "LSTM" else halves[0]
        targets = self.draw(numbers, seq_len, batch, units)
        return layer, inputs, state, targets


def chunk_sizes(seq_len, batch, input_size, hidden_size):
    """Return the sizes of a sequence, in the order they are printed."""
    return {
        "seq_len": seq_len,
        "batch": batch,
        "input_size": input_size,
        "hidden_size": hidden_size,
    }
