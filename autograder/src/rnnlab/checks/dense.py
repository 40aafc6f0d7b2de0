"""Check of chapter 7: a block in which each layer reads all earlier ones."""

from dataclasses import dataclass

import torch

from rnnlab.checks import drive
from rnnlab.checks.case import Case
from rnnlab.checks.functional import FunctionalCheck
from rnnlab.checks.judge import Standard
from rnnlab.checks.skip import CHAPTER


@dataclass(frozen=True)
class DenseCase(Case):
    """A batch, and how many features each layer adds.

    Attributes:
        growths: Number of new features of each layer.
    """

    growths: tuple = (2, 2)

    def describe(self):
        """Return what a learner needs to rebuild the case."""
        return f"growths {list(self.growths)}, {super().describe()}"


def _sizes(batch, size):
    return {"batch": batch, "size": size}


class DenseBlock(FunctionalCheck):
    """All features so far, layer after layer."""

    name = "dense_block"
    equation = "eq-dense-block"
    chapter = CHAPTER
    established = (
        "Values and gradients are right: x first, then each layer's features "
        "in order, with layers of different widths and with one alone (4 "
        "cases)."
    )
    hints = (
        "How wide is what layer 1 reads, and how wide what layer 2 reads? "
        "Look at the shapes of the weights.",
        "Keep one tensor with all features so far. What does a layer read, "
        "and where do its new features go: in front, or behind?",
        "eq-dense-block: features = cat([features, relu(features @ weight.T "
        "+ bias)], dim=1), begun at x. What is returned is all features, x "
        "among them.",
    )
    standard = Standard(
        "the sum over all sources",
        {
            "output": ("batch", "feature"),
            "gradient of x": ("batch", "unit"),
            **{f"gradient of weights[{k}]": ("row", "column") for k in "0123"},
            **{f"gradient of biases[{k}]": ("row",) for k in "0123"},
        },
    )
    public = (
        DenseCase("all layers are of one width", _sizes(3, 2)),
        DenseCase(
            "the layers differ in width",
            _sizes(2, 3),
            seed=1,
            growths=(1, 3, 2),
        ),
        DenseCase("there is one layer", _sizes(2, 3), seed=2, growths=(3,)),
        DenseCase(
            "the inputs are float32",
            _sizes(2, 2),
            seed=3,
            dtype=torch.float32,
            growths=(2, 1, 1),
        ),
    )

    def hidden_cases(self, seeds):
        """Return one row, one unit, many layers, none, strides, float32."""
        case = DenseCase
        yield case("the batch holds one row", _sizes(1, 4), next(seeds))
        yield case(
            "every size is 1", _sizes(1, 1), next(seeds), growths=(1, 1)
        )
        yield case(
            "there are many layers",
            _sizes(3, 3),
            next(seeds),
            growths=(2, 1, 3, 1, 2, 4),
        )
        yield case(
            "there are no layers", _sizes(3, 4), next(seeds), growths=()
        )
        yield case(
            "the inputs do not lie in memory row by row",
            _sizes(4, 3),
            next(seeds),
            contiguous=False,
            growths=(3, 2),
        )
        yield case(
            "the inputs are float32",
            _sizes(3, 5),
            next(seeds),
            torch.float32,
            growths=(4, 2),
        )

    def arguments(self, case):
        """Return x, and each layer's weight and bias by name."""
        numbers = case.generator()
        batch, size = case.sizes.values()
        arguments = {"x": case.draw(numbers, batch, size)}
        weights, biases = {}, {}
        for place, growth in enumerate(case.growths):
            weights[f"weights[{place}]"] = case.draw(numbers, growth, size)
            biases[f"biases[{place}]"] = case.draw(numbers, growth)
            size += growth
        return {**arguments, **weights, **biases}

    def call(self, function, arguments):
        """Call the learner's function with two lists."""
        x, *rest = arguments.values()
        half = len(rest) // 2
        return function(x, rest[:half], rest[half:])

    def outputs(self, returned):
        """Return the one tensor that came back."""
        if isinstance(returned, (tuple, list)):
            raise drive.Unusable(
                f"what it returns is {drive.a_type(returned)}. Return one "
                "tensor: all features side by side, torch.cat along axis 1."
            )
        drive.require_tensor(returned, "what it returns")
        # Without layers the block is x, and x itself may come back.
        return {"output": returned}

    def right(self, case):
        """Return the block written source by source, without a cat inside."""
        del case
        return _source_by_source


def _source_by_source(x, weights, biases):
    """Add up what each earlier source gives to each layer."""
    sources = [x]
    for weight, bias in zip(weights, biases, strict=True):
        widths = [source.shape[1] for source in sources]
        total = bias
        for source, part in zip(sources, weight.split(widths, 1), strict=True):
            total = total + torch.einsum("bi,oi->bo", source, part)
        sources.append(total.clamp(min=0))
    return torch.hstack(sources)
