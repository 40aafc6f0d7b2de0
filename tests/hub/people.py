"""People of a class hub: each a browser of their own, doing what they do."""

import json
import re
import time

from playwright.sync_api import TimeoutError as NotThereError
from playwright.sync_api import expect

SECONDS = 120
_CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|\r")


class Person:
    """Somebody who signs in.

    Args:
        browser: Playwright's browser.
        address: The hub's address.
        name: What they sign in as.
        password: The hub's password.

    Attributes:
        page: Playwright's page.
        foreign: Addresses that the page asked another host for.
    """

    def __init__(self, browser, address, name, password):
        self.name, self.foreign = name, []
        context = browser.new_context(viewport={"width": 1200, "height": 760})
        context.set_default_timeout(SECONDS * 1000)
        self.page = page = context.new_page()
        page.on("request", lambda request: self._request(request, address))
        page.goto(address)
        page.fill("#username_input", name)
        page.fill("#password_input", password)
        page.click("#login_submit")
        page.wait_for_selector(".jp-Launcher")
        self.hide_files()

    def _request(self, request, address):
        if not request.url.startswith((address, "data:", "blob:")):
            self.foreign.append(request.url)

    def hide_files(self):
        """Hide the file browser, so that there is more to see."""
        self.page.click(
            ".jp-SideBar.jp-mod-left .lm-mod-current[title^='File B']"
        )

    def file(self, name):
        """Return a file in the file browser, which may be opening itself."""
        item = self.page.locator(f'.jp-DirListing-item:has-text("{name}")')
        for _ in range(10):
            try:
                item.wait_for(state="visible", timeout=5000)
            except NotThereError:
                self.page.click(
                    ".jp-SideBar.jp-mod-left .lm-TabBar-tab[title^='File B']"
                )
            else:
                break
        return item

    def menu(self, first, second):
        """Choose from a menu of JupyterLab."""
        self.page.click(f'.lm-MenuBar-item:has-text("{first}")')
        self.page.click(f'.lm-Menu-item:has-text("{second}")')

    def tab(self, name):
        """Show an open tab of JupyterLab."""
        self.page.click(
            f'#jp-main-dock-panel .lm-TabBar-tab:has-text("{name}")'
        )


class Student(Person):
    """A student: fetches, works, hands in, reads."""

    def fetch(self, assignment):
        """Open the Assignment List and fetch."""
        self.menu("Nbgrader", "Assignment List")
        row = '#released_assignments_list .list_item:has-text("{}")'
        self.page.click(f'{row.format(assignment)} >> text="Fetch"')
        self.page.wait_for_selector(
            f'#fetched_assignments_list >> text="{assignment}"'
        )

    def open(self, assignment, notebook):
        """Open a fetched notebook."""
        listed = "#fetched_assignments_list"
        self.page.click(f'{listed} a:has-text("{assignment}")')
        self.page.click(f'{listed} a:text-is("{notebook}")')
        self.page.wait_for_selector(".jp-Notebook .jp-Cell")
        expect(self.page.locator(".jp-NotebookPanel")).to_contain_text(
            "Python 3"
        )

    def cell(self, text):
        """Return the cell that holds a text, scrolled to."""
        cell = self.page.locator(f'.jp-Notebook .jp-Cell:has-text("{text}")')
        for _ in range(100):
            if cell.count() and cell.first.is_visible():
                cell.first.scroll_into_view_if_needed()
                return cell.first
            self.page.locator(".jp-WindowedPanel-outer").first.hover()
            self.page.mouse.wheel(0, 300)
            time.sleep(0.1)
        raise AssertionError(f"No cell says {text!r}")

    def write(self, text, answer):
        """Replace the source of the cell that holds a text."""
        cell = self.cell(text)
        if cell.locator(".jp-MarkdownOutput").is_visible():
            cell.dblclick()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(answer)

    def run(self):
        """Run the cell that was written, what is above, and its check."""
        self.menu("Run", "Run All Above Selected Cell")
        self.page.keyboard.press("Shift+Enter")
        self.page.keyboard.press("Shift+Enter")

    def save(self):
        """Save the notebook."""
        self.page.keyboard.press("Control+s")
        self.page.wait_for_selector(
            "#jp-main-dock-panel .jp-mod-current:not(.jp-mod-dirty)"
        )

    def validate(self):
        """Press Validate and return what it says; the dialog stays."""
        self.page.click('.jp-NotebookPanel-toolbar >> text="Validate"')
        dialog = self.page.locator(".jp-Dialog")
        dialog.wait_for()
        return dialog.inner_text()

    def submit(self, assignment):
        """Hand in."""
        self.tab("Assignments")
        row = f'#fetched_assignments_list .list_item:has-text("{assignment}")'
        self.page.locator(f'{row} >> text="Submit"').first.click()
        self.page.wait_for_selector(
            f'#submitted_assignments_list >> text="{assignment}"'
        )

    def read_feedback(self, assignment, notebook):
        """Fetch feedback, open it, and return its frame."""
        self.tab("Assignments")
        self.page.click("#refresh_assignments_list")
        listed = "#submitted_assignments_list"
        row = f'{listed} .list_item:has-text("{assignment}")'
        self.page.locator(f"{row} >> text=available to fetch").first.wait_for()
        self.page.locator(f'{row} >> text="Fetch Feedback"').first.click()
        self.page.locator(f"{row} >> text=view feedback").first.click()
        self.file(f"{notebook}.html").dblclick()
        self.hide_files()
        return self.page.frame_locator(".jp-HTMLViewer iframe")


class Instructor(Person):
    """An instructor: types commands and uses formgrader.

    Attributes:
        typed: The commands, in order.
    """

    def __init__(self, *person):
        super().__init__(*person)
        self.typed, self._shown = [], []
        self.page.on("websocket", self._listen)
        self.page.click(
            '.jp-LauncherCard[title="Start a new terminal session"]'
        )
        self._prompt(0)

    def _listen(self, socket):
        if "/terminals/" in socket.url:
            socket.on("framereceived", self._hear)

    def _hear(self, frame):
        kind, *rest = json.loads(frame)
        if kind == "stdout":
            self._shown.extend(rest)

    def _prompt(self, begin):
        """Return what the terminal showed, once it asks for a command."""
        for _ in range(SECONDS * 2):
            text = _CODES.sub("", "".join(self._shown[begin:]))
            if re.search(rf"{self.name}:\S*\$ $", text):
                return text
            self.page.wait_for_timeout(500)
        raise AssertionError(f"No prompt, but {text[-2000:]!r}")

    def type(self, command):
        """Type a command into the terminal; return what it printed."""
        self.typed.append(command)
        self.tab("Terminal 1")
        self.page.click(".xterm")
        begin = len(self._shown)
        self.page.keyboard.type(command)
        self.page.wait_for_timeout(500)
        begin = len(self._shown)
        self.page.keyboard.press("Enter")
        return self._prompt(begin)

    def formgrader(self):
        """Open formgrader."""
        self.menu("Nbgrader", "Formgrader")
        self.frame('a:text-is("Manage Assignments")').wait_for()

    def frame(self, selector):
        """Return what formgrader's frame has."""
        return self.page.frame_locator("iframe").locator(selector)

    def give(self, student, assignment, notebook, task, points, comment):
        """Give points and a comment for a student's written answer."""
        self.frame('a:text-is("Manual Grading")').click()
        listed = 'a[href*="/formgrader/gradebook/"]:text-is("{}")'
        self.frame(listed.format(assignment)).click()
        self.frame(listed.format(notebook)).click()
        # Formgrader numbers submissions in no order that means anything.
        name = self.frame(f'a.name-shown:text-is("{student}")')
        name.wait_for(state="attached")  # the button shows what is there
        self.frame('button:text-is("Show All Names")').click()
        name.click()
        score = self.frame(f"#{task}")
        score.wait_for()
        self.page.wait_for_load_state("networkidle")
        [page] = (f for f in self.page.frames if "/submissions/" in f.url)
        page.wait_for_function("window.MathJax && window.MathJax.version")
        for field, text in (
            (score, points),
            (self.frame(f"#{task}-comment"), comment),
        ):
            field.scroll_into_view_if_needed()
            with self.page.expect_response(
                lambda response: response.request.method == "PUT"
            ):
                field.fill(text)
                field.press("Tab")

    def leave(self):
        """Go back to the list of assignments."""
        self.frame('a:text-is("Manual Grading")').click()
        self.frame('a:text-is("Manage Assignments")').click()

    def press(self, assignment, button):
        """Press a button in an assignment's row and return the answer."""
        row = self.frame(f'tr:has-text("{assignment}")')
        row.locator(f".{button} a").click()
        dialog = self.frame(".modal.in")
        dialog.wait_for()
        said = dialog.inner_text()
        dialog.locator('button:text-is("OK")').click()
        self.frame(".modal-backdrop").wait_for(state="hidden")
        row.scroll_into_view_if_needed()
        return said


def status(page, address):
    """Return the status that the server answers a signed-in person with."""
    return page.request.get(address).status
