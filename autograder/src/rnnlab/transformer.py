"""A causal stack of torch's Transformer layers, seeded and without dropout."""

import torch
from torch import nn


class CausalStack(nn.Module):
    """Transformer encoder layers of which each step sees itself and the past.

    Positions are not encoded: what is measured on it depends on no choice of
    an encoding.

    Args:
        size: Number of features, of inputs and outputs alike.
        num_layers: Number of layers.
        seed: Draws all matrices, uniform in +-1/sqrt(columns), torch's own
            range for its linear layers; the global generator stays
            untouched.
        num_heads: Heads of each attention.
        norm_first: Normalise what a branch reads, and leave the skip alone;
            otherwise normalise the sum, as in the first Transformer.

    Shapes:
        inputs:  (seq_len, batch, size)
        returns: the same, and None in place of a state, so that it can stand
            where torch's recurrent layers do
    """

    def __init__(self, size, num_layers, *, seed, num_heads=4, norm_first):
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        # On "meta" the constructors leave the global random state alone.
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(
                size,
                num_heads,
                4 * size,
                dropout=0.0,
                norm_first=norm_first,
                device="meta",
            )
            for _ in range(num_layers)
        ).to_empty(device="cpu")
        for name, parameter in self.named_parameters():
            if parameter.ndim == 2:
                bound = parameter.shape[1] ** -0.5
                nn.init.uniform_(parameter, -bound, bound, generator=generator)
            elif "norm" in name and name.endswith("weight"):
                nn.init.ones_(parameter)
            else:
                nn.init.zeros_(parameter)

    def forward(self, inputs):
        """Return the outputs of the last layer, and None."""
        mask = torch.full(
            (len(inputs), len(inputs)),
            -torch.inf,
            dtype=inputs.dtype,
            device=inputs.device,
        ).triu(1)
        for layer in self.layers:
            inputs = layer(inputs, src_mask=mask)
        return inputs, None
