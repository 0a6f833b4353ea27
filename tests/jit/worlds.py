"""Rows for the models of ``tests.jitapp`` beyond the library: a relation of each kind."""

from tests.jitapp.models import (
    Author,
    Book,
    Club,
    Country,
    Desk,
    Dish,
    Edition,
    Hideable,
    LoudAuthor,
    Membership,
    Note,
    Noted,
    Patronage,
    Place,
    Restaurant,
    Shelf,
    Speech,
    Visit,
    Worker,
)


def people() -> None:
    """Six workers: a boss, some desks, some mates."""
    places = [Place.objects.create(name=f"P{at}", slug=f"p{at}") for at in range(3)]
    desks = [
        Desk.objects.create(label=f"D{at}", place=places[at] if at < 3 else None) for at in range(4)
    ]
    workers: list[Worker] = []
    for at in range(6):
        boss = workers[at // 2] if at else None
        desk = desks[at] if at < 4 else None
        mate = workers[0] if at == 3 else None
        workers.append(Worker.objects.create(name=f"W{at}", boss=boss, desk=desk, mate=mate))
    for at, place in enumerate((places[0], places[2], places[2])):
        Visit.objects.create(pk=at + 1, place=place)


def clubs() -> None:
    authors = list(Author.objects.order_by("pk"))
    loud = list(LoudAuthor.objects.order_by("pk"))
    for at in range(4):
        club = Club.objects.create(name=f"C{at}")
        for number in range(at):
            author = authors[(at + number) % 6]
            Membership.objects.create(club=club, author=author, since=2000 + number % 2)
            patron, friend = loud[number], loud[number + 1]
            Patronage.objects.create(club=club, patron=patron, friend=friend)
        Speech.objects.create(title=f"S{at}", speaker=loud[at])


def kitchens() -> None:
    place = Place.objects.create(name="Farm", slug="farm")
    for at in range(3):
        restaurant = Restaurant.objects.create(name=f"R{at}", slug=f"r{at}", stars=at)
        for number in range(at + 1):
            origin = [place, restaurant.place_ptr, None][number]
            Dish.objects.create(name=f"d{at}{number}", restaurant=restaurant, origin=origin)


def shelves() -> None:
    country = Country.objects.first()
    for at in range(4):
        hideable = Hideable.everything.create(name=f"H{at}", hidden=at == 1, country=country)
        Shelf.objects.create(hideable=hideable if at else None, loose=country if at % 2 else None)


def notes() -> None:
    for at in range(3):
        noted = Noted.objects.create(name=f"N{at}")
        for number in range(at):
            Note.objects.create(subject=noted, text=f"n{at}{number}")
    for book in Book.objects.order_by("pk")[:2]:
        Note.objects.create(subject=book, text="book")


def editions() -> None:
    for at, book in enumerate(Book.objects.order_by("pk")):
        for number in range(at % 3):
            Edition.objects.create(book=book, number=number, label=f"e{at}{number}")


def everything() -> None:
    for fill in (people, clubs, kitchens, shelves, notes, editions):
        fill()
