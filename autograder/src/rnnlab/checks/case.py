"""Cases: inputs from a seed, small enough to print and free of zeros."""

from dataclasses import dataclass, field

import torch


@dataclass(frozen=True)
class Case:
    """One situation in which a learner's object is tried.

    Attributes:
        kind: Completes the sentence "it fails when ...".
        sizes: Axis lengths by name, in the order they are printed.
        seed: Seed of every number in the case.
        dtype: Dtype of every tensor in the case.
        device: Device that the tensors are moved to.
        contiguous: Whether the tensors lie in memory row by row.
    """

    kind: str
    sizes: dict = field(default_factory=dict)
    seed: int = 0
    dtype: torch.dtype = torch.float64
    device: str = "cpu"
    contiguous: bool = True

    def generator(self):
        """Return a fresh generator, always on the CPU."""
        return torch.Generator().manual_seed(self.seed)

    def draw(self, generator, *shape):
        """Draw a tensor without zeros, so that a dropped term shows.

        Args:
            generator: Source of the numbers.
            *shape: Shape of the tensor.

        Returns:
            Tensor: magnitudes uniform in [0.1, 1), signs at random.
        """
        u = torch.rand(shape, generator=generator, dtype=torch.float64)
        v = torch.rand(shape, generator=generator, dtype=torch.float64)
        numbers = (0.1 + 0.9 * u) * torch.where(v < 0.5, -1.0, 1.0)
        numbers = numbers.to(self.device, self.dtype)
        if self.contiguous or len(shape) < 2:
            return numbers
        return numbers.transpose(0, 1).contiguous().transpose(0, 1)

    def describe(self):
        """Return what a learner needs to rebuild the case."""
        sizes = [f"{name} {size}" for name, size in self.sizes.items()]
        dtype = str(self.dtype).removeprefix("torch.")
        return ", ".join([*sizes, dtype, f"seed {self.seed}"])
