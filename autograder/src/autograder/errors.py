"""Errors that end a command with one line for the person who typed it."""


class UsageError(Exception):
    """Wrong usage; the message says what is missing and what makes it."""
