"""One module a command, named for it: its docstring's first line is the help, `command` is the click command.

A module is imported when its command runs, so what is slow to import is slow for that command alone.
"""
