"""What a cell puts out, kept as nbclient would keep it, within bounds."""

import threading

from . import channel

_MAX_ERROR = 20_000
_MAX_TRACEBACK = 1_000_000


class Budget:
    """How many bytes of output a cell and a notebook may still have.

    Text that is printed may take a quarter, so that a flood of it does not
    drown an answer.

    Args:
        cell: Bytes for each cell.
        notebook: Bytes for all of them.
    """

    def __init__(self, cell, notebook):
        self.text_of_cell, self.rich_of_cell = cell // 4, 3 * cell // 4
        self.text_of_all = notebook // 4
        self.rich_of_all = 3 * notebook // 4

    def of_cell(self):
        """Return a new pair: bytes of text, bytes of everything else."""
        return [
            min(self.text_of_cell, self.text_of_all),
            min(self.rich_of_cell, self.rich_of_all),
        ]

    def spend(self, text, rich):
        """Take what a cell used off the notebook's share."""
        self.text_of_all -= text
        self.rich_of_all -= rich


class Outputs:
    """The outputs of one cell, in order.

    Args:
        budget: Where its bounds come from.
    """

    def __init__(self, budget):
        self.budget = budget
        self.left = budget.of_cell()
        self.full = list(self.left)
        self.items = []
        self.names = {}
        self.clear_next = False
        self.lock = threading.RLock()

    def stream(self, name, text):
        """Add text that was printed.

        Args:
            name: "stdout" or "stderr".
            text: What was printed.
        """
        with self.lock:
            self._clear_if_due()
            if not text or self.left[0] <= 0:
                return
            size = len(text) if text.isascii() else len(channel.encode(text))
            if size > self.left[0]:
                text = text[: self.left[0] // 12]
                text += "\n[the rest was left out: too much was printed]\n"
            self.left[0] -= size
            last = self.items[-1] if self.items else None
            if isinstance(last, list) and last[0] == name:
                last.append(text)
            else:
                self.items.append([name, text])

    def rich(self, output, name=None):
        """Add a result, a display or an error.

        Args:
            output: An nbformat output.
            name: ``display_id`` to update it by.
        """
        with self.lock:
            self._clear_if_due()
            if name:
                self.names.setdefault(name, []).append(len(self.items))
            self.items.append(self._within(channel.encode(output)))

    def update(self, name, output):
        """Replace the displays of that name; return whether there are any."""
        with self.lock:
            places = self.names.get(name, [])
            for place in places:
                self.items[place] = self._within(channel.encode(output))
            return bool(places)

    def clear(self, wait):
        """Forget the outputs, now or when the next one comes."""
        with self.lock:
            self.clear_next = wait
            if not wait:
                self.items, self.names = [], {}

    def encoded(self):
        """Return the outputs, each as bytes of JSON; spend the budget."""
        with self.lock:
            both = (self.full, self.left)
            used = [had - left for had, left in zip(*both, strict=True)]
            self.budget.spend(*used)
            self.full = list(self.left)
            return [_joined(item) for item in self.items]

    def _clear_if_due(self):
        if self.clear_next:
            self.clear(wait=False)
            self.clear_next = False

    def _within(self, encoded):
        if len(encoded) > self.left[1]:
            megabytes = len(encoded) / 1e6
            note = f"[an output of {megabytes:.1f} MB was left out]\n"
            return channel.encode(_stream("stderr", note))
        self.left[1] -= len(encoded)
        return encoded


def error(kind, value, lines):
    """Return an error output, its texts cut to a sensible length.

    Args:
        kind: The exception's class.
        value: The exception.
        lines: Its traceback.
    """
    try:
        text = str(value)
    except BaseException as broken:  # noqa: BLE001 - it is not our code
        text = f"<its text could not be made: {type(broken).__name__}>"
    lines = [str(line)[:_MAX_ERROR] for line in lines]
    if sum(map(len, lines)) > _MAX_TRACEBACK:
        lines = lines[-20:]
    return {
        "output_type": "error",
        "ename": str(kind.__name__)[:200],
        "evalue": text[:_MAX_ERROR],
        "traceback": lines,
    }


def _joined(item):
    if isinstance(item, list):
        return channel.encode(_stream(item[0], "".join(item[1:])))
    return item


def _stream(name, text):
    return {"output_type": "stream", "name": name, "text": text}
