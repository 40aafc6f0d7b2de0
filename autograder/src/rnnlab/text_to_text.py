"""Several small tasks as text to text, and one model that does them all."""

import functools
from itertools import product
from typing import NamedTuple

import torch
from torch import nn

#: Letters of the inputs, and how many of them an input has.
LETTERS = "abcd"
LENGTH = 5

END = "</s>"

#: What each task makes of an input, both as text.
TASKS = {
    "copy": lambda text: text,
    "reverse": lambda text: text[::-1],
    "sort": lambda text: "".join(sorted(text)),
    "count a": lambda text: str(text.count("a")),
    "equal ends": lambda text: "yes" if text[0] == text[-1] else "no",
}

#: One vocabulary for all: prefixes and words are tokens, and so is a letter.
TOKENS = (
    END,
    *(f"{task}:" for task in TASKS),
    *LETTERS,
    *map(str, range(LENGTH + 1)),
    "yes",
    "no",
)
_INDEX = {token: index for index, token in enumerate(TOKENS)}


class Batch(NamedTuple):
    """Examples of all tasks, as tokens.

    Attributes:
        inputs: Prefix and letters.
        targets: The answer, closed and filled up with END.
        tasks: Which task each example is of, by its place in TASKS.

    Shapes:
        inputs:  (LENGTH + 1, batch)
        targets: (LENGTH + 1, batch)
        tasks:   (batch,)
    """

    inputs: torch.Tensor
    targets: torch.Tensor
    tasks: torch.Tensor


def tokenize(text):
    """Return a text's tokens: whole words where there are any, else letters.

    Args:
        text: E.g. "count a: abacd", "2" or "yes".

    Returns:
        list[str]: E.g. ["count a:", "a", "b", "a", "c", "d"].
    """
    prefix, colon, rest = text.rpartition(": ")
    tokens = [prefix + colon.strip()] if colon else []
    return tokens + ([rest] if rest in _INDEX else list(rest))


def codes(text, length):
    """Return a text's indices in TOKENS, filled up with END."""
    found = [_INDEX[token] for token in tokenize(text)]
    return torch.tensor(found + [_INDEX[END]] * (length - len(found)))


@functools.cache
def texts(*, held_out):
    """Return all texts of LENGTH letters: a fifth is never trained on.

    Args:
        held_out: Whether to return that fifth or the others.
    """
    every = ["".join(letters) for letters in product(LETTERS, repeat=LENGTH)]
    order = torch.randperm(
        len(every), generator=torch.Generator().manual_seed(0)
    )
    cut = len(every) // 5
    places = order[:cut] if held_out else order[cut:]
    return [every[place] for place in places]


@functools.cache
def _tables(*, held_out, prefix):
    """Return tokens of all inputs and answers, (task, text, LENGTH + 1)."""
    asked, answered = [], []
    for task, answer in TASKS.items():
        start = f"{task}: " if prefix else ""
        for text in texts(held_out=held_out):
            asked.append(codes(start + text, LENGTH + 1))
            answered.append(codes(answer(text), LENGTH + 1))
    shape = len(TASKS), -1, LENGTH + 1
    return [torch.stack(rows).view(shape) for rows in (asked, answered)]


def sample(batch_size, generator, tasks=tuple(TASKS), *, prefix=True):
    """Draw examples to train on, each of a task drawn at random.

    Args:
        batch_size: Number of examples.
        generator: Where the random numbers come from.
        tasks: Names of the tasks to draw from.
        prefix: Whether the input says which task is meant.

    Returns:
        Batch: on the CPU; no text of it is held out.
    """
    asked, answered = _tables(held_out=False, prefix=prefix)
    known = list(TASKS)
    places = torch.tensor([known.index(task) for task in tasks])
    drawn = torch.randint(len(tasks), (batch_size,), generator=generator)
    which = torch.randint(asked.shape[1], (batch_size,), generator=generator)
    task = places[drawn]
    return Batch(asked[task, which].T, answered[task, which].T, task)


def held_out(*, prefix=True):
    """Return every task on every text that is never trained on."""
    asked, answered = _tables(held_out=True, prefix=prefix)
    task = torch.arange(len(TASKS)).repeat_interleave(asked.shape[1])
    return Batch(asked.flatten(0, 1).T, answered.flatten(0, 1).T, task)


class EncoderDecoder(nn.Module):
    """Two recurrent layers: one reads the input, the other one writes.

    The writer starts from the reader's last state and from an END, and is
    told the token before.

    Args:
        layer_class: torch.nn.GRU or LSTM.
        size: Size of embeddings and hidden states.
        seed: Draws the weights; the global generator stays untouched.
        shared: Let one layer read and write, as a language model does.

    Shapes:
        inputs:  (input length, batch), indices
        targets: (target length, batch), indices
        returns: (target length, batch, len(TOKENS)), logits
    """

    def __init__(self, layer_class, size, *, seed, shared=False):
        super().__init__()
        # On "meta" the constructors leave the global random state alone.
        self.embedding = nn.Embedding(len(TOKENS), size, device="meta")
        self.reader = layer_class(size, size, device="meta")
        self.writer = self.reader
        if not shared:
            self.writer = layer_class(size, size, device="meta")
        self.readout = nn.Linear(size, len(TOKENS), device="meta")
        self.to_empty(device="cpu")
        generator = torch.Generator().manual_seed(seed)
        for parameter in self.parameters():
            bound = size**-0.5
            nn.init.uniform_(parameter, -bound, bound, generator=generator)
        nn.init.normal_(self.embedding.weight, generator=generator)

    def forward(self, inputs, targets):
        """Return logits of each next token, told the right ones before."""
        first = torch.full_like(targets[:1], _INDEX[END])
        told = torch.cat([first, targets[:-1]])
        _, state = self.reader(self.embedding(inputs))
        return self.readout(self.writer(self.embedding(told), state)[0])

    @torch.no_grad()
    def answer(self, inputs, length=LENGTH + 1):
        """Write the likeliest tokens one after the other.

        Args:
            inputs: Indices, (input length, batch).
            length: Number of tokens to write.

        Returns:
            Tensor: indices, (length, batch).
        """
        _, state = self.reader(self.embedding(inputs))
        token = torch.full_like(inputs[:1], _INDEX[END])
        written = []
        for _ in range(length):
            output, state = self.writer(self.embedding(token), state)
            token = self.readout(output).argmax(-1)
            written.append(token)
        return torch.cat(written)


def train(model, batches, *, learning_rate):
    """Train with teacher forcing, Adam and norm clipping.

    Args:
        model: An EncoderDecoder, changed in place.
        batches: A Batch for each update.
        learning_rate: Adam's at first; it falls linearly to a tenth.

    Returns:
        list[float]: the loss of each batch before the update, in nats.
    """
    batches = list(batches)
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    losses = []
    for step, batch in enumerate(batches):
        share = 1 - 0.9 * step / len(batches)
        optimizer.param_groups[0]["lr"] = learning_rate * share
        logits = model(batch.inputs, batch.targets)
        loss = nn.functional.cross_entropy(
            logits.flatten(0, 1), batch.targets.flatten()
        )
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    return losses


def exact_matches(model, batch):
    """Return how many answers of each task are right to the last token.

    Args:
        model: An EncoderDecoder, which writes without help.
        batch: What to ask.

    Returns:
        dict: name of each task in the batch to its fraction.
    """
    right = (model.answer(batch.inputs) == batch.targets).all(0)
    return {
        task: float(right[batch.tasks == place].double().mean())
        for place, task in enumerate(TASKS)
        if (batch.tasks == place).any()
    }
