"""A township that never was, from its code alone: the same code, the same people. Pure.

Nobody in it lives: names are drawn from lists, identification numbers begin with 509999, which no
place bears, telephones with 1990. The shape of it (ages, families, rented rooms, people who are
registered and away) is that of an old quarter of the city, in round figures (产品设定).
"""
