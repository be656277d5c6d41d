"""The hand knows a secret again that was right; nothing else becomes right by that."""

from parley.demo.lines import Known

SECRET = "correct-horse-battery"
OTHER = "another-horse-battery"


def test_a_secret_that_was_right_stays_right_and_a_wrong_one_stays_wrong() -> None:
    hasher = Known()
    made_of_it = hasher.encode(SECRET, hasher.salt())

    found = [hasher.verify(each, made_of_it) for each in (OTHER, SECRET, OTHER, SECRET)]

    assert found == [False, True, False, True]


def test_a_secret_that_was_changed_is_not_known_by_the_one_before() -> None:
    hasher = Known()
    before, after = (hasher.encode(each, hasher.salt()) for each in (SECRET, OTHER))
    assert hasher.verify(SECRET, before)

    assert not hasher.verify(SECRET, after)
