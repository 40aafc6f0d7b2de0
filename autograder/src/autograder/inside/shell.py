"""The IPython shell of a run: what a Jupyter kernel is, less the sockets.

It records what nbclient would have put into the notebook, but a stream's text
comes in one piece, what C code printed before the next output; no widgets.
"""

import asyncio
import builtins
import contextlib
import getpass
import os
import signal
import sys
import tempfile
import zlib

from IPython.core import page
from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from traitlets import CBool, Type
from traitlets.config import Config

from . import outputs


class _Results(DisplayHook):
    """Turns the value of a cell into an output."""

    def start_displayhook(self):
        pass

    def write_output_prompt(self):
        pass

    def write_format_data(self, format_dict, md_dict=None):
        if format_dict:
            output = {
                "output_type": "execute_result",
                "data": format_dict,
                "metadata": md_dict or {},
                "execution_count": self.prompt_count,
            }
            self.shell.record(output)

    def finish_displayhook(self):
        pass


class _Displays(DisplayPublisher):
    """Turns ``display(...)`` into an output."""

    def publish(
        self, data, metadata=None, *, transient=None, update=False, **_
    ):
        self._validate_data(data, metadata or {})
        output = {
            "output_type": "display_data",
            "data": data,
            "metadata": metadata or {},
        }
        name = (transient or {}).get("display_id")
        if update:
            self.shell.update(name, output)
        else:
            self.shell.record(output, name)

    def clear_output(self, wait=False):
        self.shell.absorb()
        self.shell.outputs.clear(wait)


class _Compiler(CachingCompiler):
    """Names cells as a kernel does, which warnings show."""

    def get_code_name(self, raw_code, code, number):
        del code, number
        name = zlib.crc32(raw_code.encode(errors="replace"))
        return f"{tempfile.gettempdir()}/ipykernel_{os.getpid()}/{name}.py"


class Shell(InteractiveShell):
    """A shell that records; made once, forked for every run."""

    displayhook_class = Type(_Results)
    display_pub_class = Type(_Displays)
    compiler_class = Type(_Compiler)
    autoindent = CBool(False)

    outputs = None
    absorb = staticmethod(lambda: None)
    past = ()
    running = False

    @classmethod
    def make(cls):
        """Return the shell of this process."""
        config = Config()
        config.HistoryManager.enabled = False
        return cls.instance(config=config)

    def init_environment(self):
        """Ask programs for output that can be kept."""
        os.environ.update(
            TERM="xterm-color",
            CLICOLOR="1",
            FORCE_COLOR="1",
            CLICOLOR_FORCE="1",
            PAGER="cat",
            GIT_PAGER="cat",
        )

    def init_hooks(self):
        """Show nothing in a pager, as there is none."""
        super().init_hooks()
        self.set_hook("show_in_pager", page.as_hook(lambda *_, **__: None), 99)

    def enable_gui(self, gui=None):
        """Take no notice: there is no screen."""

    def ask_exit(self):
        """Remember that this cell is the last one."""
        self.exit_now = True

    def record(self, output, name=None):
        """Record an output of the present cell."""
        self.absorb()
        self.outputs.rich(output, name)

    def update(self, name, output):
        """Replace displays of a name, in this cell and in earlier ones."""
        self.absorb()
        for earlier in self.past:
            earlier.amended |= earlier.outputs.update(name, output)
        self.outputs.update(name, output)

    def _showtraceback(self, etype, evalue, stb):
        self.record(outputs.error(etype, evalue, stb))

    def run_one(self, source):
        """Run a cell to its end, come what may.

        Args:
            source: Its code.
        """
        loop = asyncio.get_event_loop_policy().get_event_loop()
        task = loop.create_task(self._execute(source))
        try:
            self.running = True
            loop.run_until_complete(task)
        except KeyboardInterrupt:
            # It waited for something: the wait was interrupted, not the code.
            task.cancel()
            with contextlib.suppress(BaseException):
                loop.run_until_complete(task)
            self.showtraceback()
        except Exception:  # noqa: BLE001 - IPython stumbled over it
            self.showtraceback()
        finally:
            self.running = False

    async def _execute(self, source):
        """Run a cell inside the running loop, as a kernel does."""
        problem = None
        try:
            cell = self.transform_cell(source)
        except Exception:  # noqa: BLE001 - shown as the cell's error
            cell, problem = source, sys.exc_info()
        arguments = {
            "transformed_cell": cell,
            "preprocessing_exc_tuple": problem,
        }
        if not self.should_run_async(source, **arguments):
            self.run_cell(source, store_history=True)
            return
        result = None
        try:
            result = await self.run_cell_async(
                source, store_history=True, **arguments
            )
        finally:
            self.events.trigger("post_execute")
            self.events.trigger("post_run_cell", result)


_REHEARSAL = (
    "1 + 1",
    "1 / 0",
    "import matplotlib.pyplot as plt; plt.plot([0, 1]); plt.title('$x$')",
)


def rehearse(shell):
    """Run a few cells, so that what they import is there before a fork.

    Args:
        shell: The shell; as new when this is over.
    """
    asyncio.set_event_loop(asyncio.new_event_loop())
    for source in _REHEARSAL:
        shell.outputs = outputs.Outputs(outputs.Budget(1 << 20, 1 << 20))
        shell.run_one(source)
    asyncio.get_event_loop_policy().get_event_loop().close()
    shell.reset(new_session=True)
    shell.compile._filename_map.clear()  # noqa: SLF001 - no other way
    shell.last_execution_result = None


def settle_in(shell):
    """Give a forked shell what must not come from the process before it.

    Args:
        shell: The shell.
    """
    asyncio.set_event_loop(asyncio.new_event_loop())
    shell.absorb = shell.streams.absorb
    _see_own_files()
    sys.argv = [""]

    def interrupt(*_):
        if shell.running:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)

    builtins.input = _no_input("raw_input")
    getpass.getpass = _no_input("getpass")


def _no_input(name):
    """Return a function that refuses to ask, as nobody is there."""

    def ask(*_, **__):
        raise StdinNotImplementedError(
            f"{name} was called, but this frontend does not support input "
            "requests."
        )

    return ask


def _see_own_files():
    """Let modules in the working directory be imported, as a kernel does."""
    del sys.path[0]  # the folder that the warm process was started in
    for place, folder in enumerate(sys.path):
        if folder.endswith(("site-packages", "dist-packages")):
            sys.path.insert(place, "")
            return
    sys.path.insert(0, "")
