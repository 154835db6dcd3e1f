class Trouble(Exception):
    """Something that a person must mend: the message is a sentence that says how. Commands print it without a traceback."""
