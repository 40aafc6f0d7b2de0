"""Small networks that the chapters train."""

import torch
from torch import nn


class IdentityRNN(nn.Module):
    """A ReLU RNN that starts as an accumulator, with one number as output.

    Its recurrent matrix starts at the identity and its recurrent biases at
    0, so at first it adds up what comes in. All its Jacobians then have
    entries 0 or 1: neither vanishing nor exploding, until training moves it.

    Args:
        input_size: Size of x_t.
        hidden_size: Number of units.
        generator: Draws the weights; the global generator stays untouched.

    Shapes:
        inputs:  (seq_len, batch, input_size)
        returns: (batch,)

    Source:
        Le, Jaitly and Hinton 2015. Departs from it: input and output weights
        are uniform in +-1/sqrt(hidden_size), torch's own range.
    """

    def __init__(self, input_size, hidden_size, generator):
        super().__init__()
        # On "meta" the constructors leave the global random state alone.
        self.rnn = nn.RNN(
            input_size, hidden_size, nonlinearity="relu", device="meta"
        )
        self.readout = nn.Linear(hidden_size, 1, device="meta")
        self.to_empty(device="cpu")
        bound = hidden_size**-0.5
        with torch.no_grad():
            for parameter in self.parameters():
                parameter.uniform_(-bound, bound, generator=generator)
            self.rnn.weight_hh_l0.copy_(torch.eye(hidden_size))
            self.rnn.bias_hh_l0.zero_()
            self.rnn.bias_ih_l0.zero_()

    def forward(self, inputs):
        """Return one number for each sequence of the batch."""
        _, last_hidden_state = self.rnn(inputs)
        return self.readout(last_hidden_state[0]).squeeze(-1)
