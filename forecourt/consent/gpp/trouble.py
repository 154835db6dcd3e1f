from forecourt.trouble import Trouble


class GppError(Trouble):
    """What is wrong with a string or its fields, and where."""
