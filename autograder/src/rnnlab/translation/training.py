"""Training of a translator: seeded, clipped, resumable."""

import sys
from typing import NamedTuple

import torch
from torch import nn
from tqdm import tqdm

from rnnlab.translation import checkpoints
from rnnlab.translation.pieces import PADDING, stack

OPTIMIZERS = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}


class Settings(NamedTuple):
    """How to train.

    Attributes:
        updates: How many; the learning rate falls linearly to 0 over them.
        batch_size: Sentences of an update.
        learning_rate: At the first update.
        max_norm: Largest gradient norm; infinity clips nothing.
        optimizer: "adam" or "sgd".
        seed: Of the order of the sentences.
    """

    updates: int = 250
    batch_size: int = 64
    learning_rate: float = 5e-3
    max_norm: float = 1.0
    optimizer: str = "adam"
    seed: int = 0


def encode(sentences, vocabulary):
    """Return the token indices of both sides of each sentence."""
    return [
        (
            vocabulary.encode(sentence.source, sentence.language),
            vocabulary.encode(sentence.target),
        )
        for sentence in sentences
    ]


def fit(
    translator,
    pairs,
    settings,
    decoder_step,
    loss_fn,
    *,
    path=None,
    every=100,
    progress=True,
):
    """Train a translator in place; go on where a killed run stopped.

    A checkpoint holds the weights, the optimizer's memory, the losses so far
    and the state of the generator, so a resumed run does on the same machine
    what an unbroken one does.

    Args:
        translator: Translator, on its device.
        pairs: Token indices of source and target, from ``encode``.
        settings: Settings.
        decoder_step: The learner's step.
        loss_fn: The learner's loss of (logits, targets, padding_index).
        path: Where checkpoints go; None writes none.
        every: Updates between two checkpoints.
        progress: Whether to show a bar, on stdout.

    Returns:
        tuple: loss and gradient norm of each update, before it, as lists.
    """
    run = _Run(translator, settings)
    if path is not None:
        run.restore(checkpoints.load(path))
    bar = tqdm(
        range(len(run.losses), settings.updates),
        initial=len(run.losses),
        total=settings.updates,
        file=sys.stdout,
        disable=not progress,
        mininterval=1.0,
        ncols=70,
        unit="update",
    )
    for update in bar:
        run.update(pairs, decoder_step, loss_fn)
        bar.set_postfix_str(f"loss {run.losses[-1]:.3f}", refresh=False)
        last = update + 1 == settings.updates
        if path is not None and (last or (update + 1) % every == 0):
            checkpoints.save(path, run.state())
    return run.losses, run.norms


class _Run:
    """Everything that a training run has to remember."""

    def __init__(self, translator, settings):
        self.translator = translator
        self.settings = settings
        optimizer = OPTIMIZERS[settings.optimizer]
        self.optimizer = optimizer(
            translator.parameters(), lr=settings.learning_rate
        )
        self.generator = torch.Generator().manual_seed(settings.seed)
        self.losses, self.norms = [], []
        self.device = next(translator.parameters()).device

    def update(self, pairs, decoder_step, loss_fn):
        """Make one update on one random batch."""
        source, target = self._batch(pairs)
        logits = self.translator(source, target, decoder_step)
        loss = loss_fn(logits, target, PADDING)
        self.optimizer.zero_grad()
        loss.backward()
        norm = nn.utils.clip_grad_norm_(
            self.translator.parameters(), self.settings.max_norm
        )
        left = 1 - len(self.losses) / self.settings.updates
        for group in self.optimizer.param_groups:
            group["lr"] = self.settings.learning_rate * left
        self.optimizer.step()
        self.losses.append(loss.item())
        self.norms.append(norm.item())

    def state(self):
        """Return what a checkpoint holds."""
        return {
            "settings": list(self.settings),
            "shape": list(self.translator.shape),
            "weights": self.translator.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "generator": self.generator.get_state(),
            "losses": self.losses,
            "norms": self.norms,
        }

    def restore(self, state):
        """Go back to a checkpoint; None is the beginning.

        Raises:
            ValueError: the checkpoint is of another run.
        """
        if state is None:
            return
        mine = self.state()
        if any(state[key] != mine[key] for key in ("settings", "shape")):
            raise ValueError(
                "The checkpoint is of a run with other settings. Give this "
                "run a path of its own, or remove the old file."
            )
        self.translator.load_state_dict(state["weights"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.generator.set_state(state["generator"])
        self.losses, self.norms = state["losses"], state["norms"]

    def _batch(self, pairs):
        drawn = torch.randint(
            len(pairs), (self.settings.batch_size,), generator=self.generator
        )
        columns = zip(*(pairs[k] for k in drawn.tolist()), strict=True)
        return [stack(column, self.device) for column in columns]
