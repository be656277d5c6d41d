"""The one way in which something that a side sent can be wrong.

Everything that breaks the rules of the link raises `BreachError` with the paragraph of
the specification and a reason for people. What an officer can put right is no breach; it
has its own exception beside the function that raises it. Spec §1.
"""


class BreachError(Exception):
    """Bytes or a statement that the rules of the link forbid."""

    def __init__(self, paragraph: str, reason: str) -> None:
        """Keep the `paragraph` of the specification, such as "4.2", and the `reason`."""
        super().__init__(paragraph, reason)
        self.paragraph = paragraph
        self.reason = reason

    def __str__(self) -> str:
        """Return the paragraph and the reason in one line."""
        return f"§{self.paragraph}: {self.reason}"
