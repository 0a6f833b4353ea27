"""What a template can read of each sort of value: `(kind, model)` -> name -> `(kind, model)`."""

Type = tuple[str, str]

TEXT, NUMBER, DATE, FILE, JSON, ANY = (
    (kind, "") for kind in ("text", "number", "date", "file", "json", "any")
)


def one(model: str) -> Type:
    return ("one", model)


def many(model: str) -> Type:
    return ("manager", model)


def rows(model: str) -> Type:
    return ("rows", model)


ATTRIBUTES: dict[str, dict[str, Type]] = {
    "Country": {
        "name": TEXT, "code": TEXT, "notes": TEXT, "authors": many("Author"),
        "hideable_set": many("Hideable"),
    },
    "Author": {
        "first_name": TEXT, "last_name": TEXT, "secret": TEXT, "country": one("Country"),
        "country_id": NUMBER, "get_full_name": TEXT, "origin": TEXT, "described": TEXT,
        "profile": one("Profile"), "books": many("Book"), "edited": many("Book"),
        "liked": many("Comment"), "observed_set": many("Observed"), "clubs": many("Club"),
        "membership_set": many("Membership"),
    },
    "Profile": {
        "author": one("Author"), "author_id": NUMBER, "nick": TEXT, "avatar": FILE,
        "picture": FILE,
    },
    "Tag": {"name": TEXT, "books": many("Book")},
    "Book": {
        "title": TEXT, "status": TEXT, "get_status_display": TEXT, "price": NUMBER,
        "published": DATE, "key": TEXT, "extra": JSON, "author": one("Author"),
        "editor": one("Author"), "author_id": NUMBER, "editor_id": NUMBER, "tags": many("Tag"),
        "sequels": many("Book"), "prequels": many("Book"), "friends": many("Book"),
        "comment_set": many("Comment"), "shout": TEXT, "by": TEXT, "editions": many("Edition"),
    },
    "Comment": {
        "book": one("Book"), "author": one("Author"), "text": TEXT, "likes": many("Author"),
        "book_id": NUMBER, "quoted": TEXT,
    },
    "Observed": {"title": TEXT, "label": TEXT, "author": one("Author")},
    "Hideable": {"name": TEXT, "hidden": ANY, "country": one("Country")},
    "BaseHidden": {"name": TEXT, "hidden": ANY},
    "Shelf": {
        "hideable": one("Hideable"), "base_hidden": one("BaseHidden"), "loose": one("Country"),
        "observed": one("Observed"), "loose_id": NUMBER,
    },
    "Place": {
        "name": TEXT, "slug": TEXT, "restaurant": one("Restaurant"), "visit_set": many("Visit"),
        "exports": many("Dish"),
    },
    "Restaurant": {
        "name": TEXT, "slug": TEXT, "stars": NUMBER, "place_ptr": one("Place"),
        "place_ptr_id": NUMBER, "dishes": many("Dish"), "exports": many("Dish"),
        "visit_set": many("Visit"),
    },
    "Visit": {"place": one("Place"), "place_id": TEXT},
    "Odd": {"loud": TEXT, "plain": TEXT},
    "Note": {
        "content_type": ANY, "object_id": NUMBER, "subject": one("Noted"), "text": TEXT,
    },
    "Noted": {"name": TEXT, "notes": many("Note")},
    "Remark": {"content_type": ANY, "object_id": TEXT, "subject": one("Noted")},
    "Worker": {
        "name": TEXT, "boss": one("Worker"), "boss_id": NUMBER, "desk": one("Desk"),
        "mate": one("Worker"), "worker": one("Worker"), "reports": many("Worker"),
    },
    "Desk": {"label": TEXT, "place": one("Place"), "worker": one("Worker")},
    "Club": {
        "name": TEXT, "members": many("Author"), "patrons": many("LoudAuthor"),
        "membership_set": many("Membership"),
    },
    "Membership": {"club": one("Club"), "author": one("Author"), "since": NUMBER},
    "Patronage": {"club": one("Club"), "patron": one("LoudAuthor"), "friend": one("LoudAuthor")},
    "Speech": {"title": TEXT, "speaker": one("LoudAuthor"), "speaker_id": NUMBER},
    "Dish": {
        "name": TEXT, "restaurant": one("Restaurant"), "origin": one("Place"),
        "restaurant_id": NUMBER,
    },
    "Edition": {"book": one("Book"), "number": NUMBER, "label": TEXT, "book_id": NUMBER},
}  # fmt: skip
ATTRIBUTES["LoudAuthor"] = {
    **ATTRIBUTES["Author"], "speeches": many("Speech"), "sponsored": many("Club"),
}  # fmt: skip
ATTRIBUTES["Saying"] = {
    **ATTRIBUTES["Comment"], "readers": rows("Author"), "siblings": rows("Comment"),
}  # fmt: skip
ATTRIBUTES["Described"] = {**ATTRIBUTES["Book"], "tag_names": TEXT, "voices": ANY}
ATTRIBUTES["OldFromDb"] = {**ATTRIBUTES["Book"], "seen": NUMBER}

#: The relation that a `Prefetch` puts into `picked` of instances of a model.
PICKED = {
    model: next(name for name, (kind, _) in fields.items() if kind == "manager")
    for model, fields in ATTRIBUTES.items()
    if any(kind == "manager" for kind, _ in fields.values())
}
for model, relation in PICKED.items():
    ATTRIBUTES[model]["picked"] = ("list", ATTRIBUTES[model][relation][1])

#: Read of any instance: the last two lines are names that it lacks or that must not be called.
INSTANCE: dict[str, Type] = {
    "pk": NUMBER, "id": NUMBER, "DoesNotExist": ANY, "objects": ANY, "delete": ANY, "missing": ANY,
    "0": ANY, "extra_name": ANY,
}  # fmt: skip

FILES: dict[str, Type] = {"url": TEXT, "name": TEXT, "size": NUMBER, "width": NUMBER}
JSONS: dict[str, Type] = {"k": JSON, "z": NUMBER, "0": ANY, "1": TEXT, "items": ANY}
DATES: dict[str, Type] = {"year": NUMBER, "date": DATE, "isoformat": TEXT, "tzinfo": ANY}
TEXTS: dict[str, Type] = {"upper": TEXT, "0": TEXT, "isdigit": ANY, "split": ANY}


def elements(model: str) -> dict[str, Type]:
    """What is read of several objects at once."""
    return {"0": one(model), "1": one(model), "7": one(model)}


def of_rows(model: str) -> dict[str, Type]:
    asked = {"count": NUMBER, "exists": ANY, "first": one(model), "last": one(model)}
    more = {"all": rows(model), "reverse": rows(model), "ordered": ANY, "values": ANY}
    return {**asked, **more, **elements(model)}


def of_page(model: str) -> dict[str, Type]:
    return {
        "object_list": rows(model), "number": NUMBER, "has_next": ANY, "has_previous": ANY,
        "paginator.count": NUMBER, "paginator.num_pages": NUMBER, "start_index": NUMBER,
        **elements(model),
    }  # fmt: skip


def of_manager(model: str) -> dict[str, Type]:
    asked = {"count": NUMBER, "exists": ANY, "first": one(model), "last": one(model)}
    return {"all": rows(model), **asked}


def attributes(kind: str, model: str) -> dict[str, Type]:
    """What can be read of a value of this type; empty where nothing can."""
    if kind == "one":
        return {**ATTRIBUTES[model], **INSTANCE}
    if kind == "form":
        columns = {name: ANY for name, type_ in ATTRIBUTES[model].items() if type_[0] == "text"}
        return {"as_p": ANY, "visible_fields": ANY, "fields": ANY, **columns}
    if kind == "dict":
        return {name: type_ for name, type_ in ATTRIBUTES[model].items() if type_[0] != "manager"}
    shapes = {"rows": of_rows, "manager": of_manager, "page": of_page, "list": elements}
    if kind in shapes:
        return shapes[kind](model)
    return {"file": FILES, "json": JSONS, "date": DATES, "text": TEXTS}.get(kind, {})
