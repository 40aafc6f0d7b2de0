"""The command line."""


def main():
    """Run a command."""
