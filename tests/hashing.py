"""Secrets of officers hashed as those of a node are, with a hundredth of the work."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Cheap(Argon2PasswordHasher):
    """Argon2 with the least memory and one pass. `tests/agencies/test_officers.py` looks at the real one."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1

    def must_update(self, encoded: str) -> bool:  # noqa: ARG002 - Django's own form
        """Leave as it is what a node hashed in earnest."""
        return False
