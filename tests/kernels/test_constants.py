"""The numbers that every hash is made with are fixed for ever: an index outlives a release."""

from dedup.kernels import constants


def test_splitmix64_gives_the_published_stream() -> None:
    # The first five numbers from 1234567, as Rosetta Code and the authors' C code have them.
    state, numbers = 1234567, []
    for _ in range(5):
        state, number = constants.splitmix64(state)
        numbers.append(number)

    assert numbers == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]


def test_the_weights_of_a_shingle_are_the_upper_halves_of_that_stream_made_odd() -> None:
    assert constants.shingle_weights(3) == [
        0x910A2DEC | 1,  # from 1: 0x910A2DEC89025CC1
        0xBEEB8DA1,  # 0xBEEB8DA1658EEC67
        0xF893A2EE | 1,  # 0xF893A2EEFB32555E
    ]
    assert constants.shingle_weights(32)[-1] == 0x962B1967


def test_a_longer_shingle_begins_with_the_weights_of_a_shorter_one() -> None:
    assert constants.shingle_weights(32)[:5] == constants.shingle_weights(5)


def test_the_multipliers_are_those_of_the_published_hashes() -> None:
    assert constants.LENGTH_MULTIPLIER == 0x9E3779B97F4A7C15  # splitmix64
    assert constants.WORD_MULTIPLIER == 0xBF58476D1CE4E5B9
    assert constants.FINAL_MULTIPLIER == 0x94D049BB133111EB
    assert constants.FIRST_PRINT_MULTIPLIER == 0xD6E8FEB86659FD93
    assert constants.SECOND_PRINT_MULTIPLIER == 0xFF51AFD7ED558CCD  # MurmurHash3, 64 bits
    assert constants.GAP_SALT == 0xC4CEB9FE1A85EC53
    assert constants.FMIX_FIRST == 0x85EBCA6B  # MurmurHash3, 32 bits
    assert constants.FMIX_SECOND == 0xC2B2AE35
    assert constants.EMPTY_MINIMUM == 2**32 - 1


def test_the_classes_of_a_token_keep_their_numbers() -> None:
    classes = (
        constants.WORD,
        constants.NUMBER,
        constants.NUMBER_PART,
        constants.ORDINAL,
        constants.MONTH,
        constants.WEEKDAY,
        constants.QUARTER,
    )

    assert classes == (0, 1, 2, 3, 4, 5, 6)
    assert constants.CLASS_MASK == 7
