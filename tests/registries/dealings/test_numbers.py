import pytest

from registries.dealings import numbers


def test_a_number_is_read_as_it_is_shown():
    number = numbers.fresh()
    assert numbers.read(numbers.shown(number)) == number


def test_a_number_is_shown_in_four_groups_of_four():
    assert [len(group) for group in numbers.shown(numbers.fresh()).split("-")] == [4, 4, 4, 4]


@pytest.mark.parametrize("write", [str.lower, lambda n: " ".join(n), lambda n: n.replace("0", "O").replace("1", "l")])
def test_however_people_write_it(write):
    number = numbers.fresh()
    assert numbers.read(write(number)) == number


def test_every_single_wrong_symbol_shows():
    number = numbers.fresh()
    for place in range(numbers.LENGTH):
        for symbol in set(numbers.ALPHABET) - {number[place]}:
            assert numbers.read(number[:place] + symbol + number[place + 1 :]) is None


def test_two_exchanged_neighbours_show():
    number = numbers.fresh()
    for place in range(numbers.LENGTH - 1):
        one, other = number[place], number[place + 1]
        if one != other:
            assert numbers.read(number[:place] + other + one + number[place + 2 :]) is None


@pytest.mark.parametrize("typed", ["", "x", "\x00", "0" * 15, "0" * 17, "١" * 16, "'; DROP TABLE", "!" * 4000])
def test_what_cannot_be_a_number(typed):
    assert numbers.read(typed) is None


def test_two_numbers_differ():
    assert len({numbers.fresh() for _time in range(100)}) == 100
