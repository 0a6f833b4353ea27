"""Models for the tests of the pipeline: each has one trait that decides how it may be fetched."""

import uuid

from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Country(models.Model):
    name = models.CharField(max_length=50)
    code = models.CharField(max_length=2)
    notes = models.TextField(blank=True)

    def __str__(self):
        return self.name


class Author(models.Model):
    first_name = models.CharField(max_length=50)
    last_name = models.CharField(max_length=50)
    secret = models.CharField(max_length=50, default="hash")
    country = models.ForeignKey(Country, models.CASCADE, null=True, related_name="authors")

    def __str__(self):
        return f"{self.first_name} {self.last_name}"

    def get_full_name(self):
        return f"{self.first_name} {self.last_name}"

    def described(self):
        return f"{self} of {self.country}"

    @property
    def origin(self):
        return self.country.name if self.country else "nowhere"


class Profile(models.Model):
    author = models.OneToOneField(Author, models.CASCADE, related_name="profile")
    nick = models.CharField(max_length=50, null=True)
    avatar = models.FileField(upload_to="avatars", blank=True)
    picture = models.ImageField(upload_to="pictures", blank=True)


class Tag(models.Model):
    name = models.CharField(max_length=50)

    class Meta:
        ordering = ["-name"]

    def __str__(self):
        return self.name


class Book(models.Model):
    class Status(models.TextChoices):
        DRAFT = "d", _("Draft")
        OUT = "o", "Out"

    title = models.CharField(max_length=50)
    status = models.CharField(max_length=1, choices=Status.choices, default="d")
    price = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    published = models.DateTimeField(null=True)
    key = models.UUIDField(default=uuid.uuid4)
    extra = models.JSONField(null=True)
    author = models.ForeignKey(Author, models.CASCADE, related_name="books")
    editor = models.ForeignKey(Author, models.SET_NULL, null=True, related_name="edited")
    tags = models.ManyToManyField(Tag, related_name="books")
    sequels = models.ManyToManyField("self", symmetrical=False, related_name="prequels")
    friends = models.ManyToManyField("self")

    def __str__(self):
        return self.title

    def shout(self):
        return self.title.upper()

    @property
    def by(self):
        return f"by {self.author.last_name}"


class Comment(models.Model):
    book = models.ForeignKey(Book, models.CASCADE)
    author = models.ForeignKey(Author, models.CASCADE, related_name="+")
    text = models.CharField(max_length=50)
    likes = models.ManyToManyField(Author, related_name="liked")

    def quoted(self):
        return quote(self)


def quote(comment):
    return f"{comment.text} on {comment.book.title}"


class Observed(models.Model):
    """Overrides ``__init__``."""

    title = models.CharField(max_length=50)
    author = models.ForeignKey(Author, models.CASCADE, null=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.label = f"<{self.title}>"


class VisibleManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().filter(hidden=False)


class HideableQuerySet(models.QuerySet):
    def shown(self):
        return self.filter(hidden=False)


class Hideable(models.Model):
    """Its default manager filters, its base manager does not."""

    name = models.CharField(max_length=50)
    hidden = models.BooleanField(default=False)
    country = models.ForeignKey(Country, models.CASCADE, null=True)

    objects = VisibleManager()
    everything = HideableQuerySet.as_manager()


class BaseHidden(models.Model):
    """Its base manager filters."""

    name = models.CharField(max_length=50)
    hidden = models.BooleanField(default=False)

    objects = VisibleManager()

    class Meta:
        base_manager_name = "objects"


class Shelf(models.Model):
    """Foreign keys that a join cannot follow."""

    hideable = models.ForeignKey(Hideable, models.CASCADE, null=True)
    base_hidden = models.ForeignKey(BaseHidden, models.CASCADE, null=True)
    loose = models.ForeignKey(Country, models.DO_NOTHING, null=True, db_constraint=False)
    observed = models.ForeignKey(Observed, models.CASCADE, null=True)


class Place(models.Model):
    name = models.CharField(max_length=50)
    slug = models.SlugField(unique=True)


class Restaurant(Place):
    stars = models.IntegerField(default=0)


class Visit(models.Model):
    """A foreign key to another column than the primary key."""

    place = models.ForeignKey(Place, models.CASCADE, to_field="slug")


class LoudAuthor(Author):
    class Meta:
        proxy = True

    def __str__(self):
        return super().__str__().upper()


class UpperField(models.CharField):
    """A field class that Django does not know, with a descriptor of its own."""

    class Descriptor:
        def __init__(self, field):
            self.field = field

        def __get__(self, instance, owner=None):
            return self if instance is None else instance.__dict__[self.field.attname].upper()

        def __set__(self, instance, value):
            instance.__dict__[self.field.attname] = value

    descriptor_class = Descriptor


class Odd(models.Model):
    loud = UpperField(max_length=50)
    plain = models.CharField(max_length=50)


class Note(models.Model):
    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveIntegerField()
    subject = GenericForeignKey()
    text = models.CharField(max_length=50)


class Noted(models.Model):
    name = models.CharField(max_length=50)
    notes = GenericRelation(Note)


class ShoutQuerySet(models.QuerySet):
    """Methods of its own, and none of Django's replaced."""

    def shouted(self):
        return self.filter(title__contains="B")


class Worker(models.Model):
    """A relation to itself, and one-to-one relations that may be empty at either end."""

    name = models.CharField(max_length=50)
    boss = models.ForeignKey("self", models.CASCADE, null=True, related_name="reports")
    desk = models.OneToOneField("Desk", models.SET_NULL, null=True, related_name="worker")
    mate = models.OneToOneField("self", models.SET_NULL, null=True)

    def __str__(self):
        return self.name


class Desk(models.Model):
    label = models.CharField(max_length=50)
    place = models.ForeignKey(Place, models.SET_NULL, null=True)


class Club(models.Model):
    """Many-to-many through a model with columns of its own."""

    name = models.CharField(max_length=50)
    members = models.ManyToManyField(Author, through="Membership", related_name="clubs")
    patrons = models.ManyToManyField(
        LoudAuthor, related_name="sponsored", through="Patronage", through_fields=("club", "patron")
    )


class Membership(models.Model):
    club = models.ForeignKey(Club, models.CASCADE)
    author = models.ForeignKey(Author, models.CASCADE)
    since = models.IntegerField(default=2000)

    class Meta:
        ordering = ["since", "pk"]


class Patronage(models.Model):
    club = models.ForeignKey(Club, models.CASCADE)
    patron = models.ForeignKey(LoudAuthor, models.CASCADE)
    friend = models.ForeignKey(LoudAuthor, models.CASCADE, related_name="+")


class Speech(models.Model):
    """A foreign key to a proxy."""

    speaker = models.ForeignKey(LoudAuthor, models.CASCADE, related_name="speeches")
    title = models.CharField(max_length=50)


class Dish(models.Model):
    """A foreign key to a model that inherits from another table, and one to an inherited part."""

    name = models.CharField(max_length=50)
    restaurant = models.ForeignKey(Restaurant, models.CASCADE, related_name="dishes")
    origin = models.ForeignKey(Place, models.SET_NULL, null=True, related_name="exports")


class Edition(models.Model):
    pk = models.CompositePrimaryKey("book_id", "number")
    book = models.ForeignKey(Book, models.CASCADE, related_name="editions")
    number = models.IntegerField()
    label = models.CharField(max_length=50)


class Remark(models.Model):
    """A generic key that is a text."""

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.CharField(max_length=50)
    subject = GenericForeignKey()


class Ghost(models.Model):
    """Has no table."""

    name = models.CharField(max_length=50)

    class Meta:
        managed = False


class Haunted(models.Model):
    ghost = models.ForeignKey(Ghost, models.DO_NOTHING, null=True, db_constraint=False)

    def spirit(self):
        return self.ghost.name


class OldFromDb(Book):
    """Its `from_db` is of a time before fetch modes."""

    class Meta:
        proxy = True

    @classmethod
    def from_db(cls, db, field_names, values):
        made = super().from_db(db, field_names, values)
        made.seen = len(field_names)
        return made


class Described(Book):
    """Its text goes over two relations, by a way that its bytecode does not show."""

    class Meta:
        proxy = True

    def __str__(self):
        author = self._reached("author")
        return f"{self.title} {author} {getattr(author, 'country', None)}"

    def _reached(self, name):
        return getattr(self, name)

    def tag_names(self):
        return ", ".join(tag.name for tag in self._reached("tags").all())

    def voices(self):
        return [str(one.author.country) for one in self._reached("comment_set").all()]


class Saying(Comment):
    """Its text goes over two relations, as its bytecode shows; it has an order of its own."""

    class Meta:
        proxy = True
        ordering = ["book__title", "-pk"]

    def __str__(self):
        return f"{self.text}: {self.author.get_full_name()} in {self.book}"

    def readers(self):
        return self.likes.order_by("pk")

    @property
    def siblings(self):
        return self.book.comment_set.exclude(pk=self.pk)


class TranslatedDescriptor:
    """As modeltranslation's: the value of the column of the active language, or of the next one."""

    def __init__(self, field):
        self.field = field

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        names = (f"{self.field.name}_{get_language()}", f"{self.field.name}_en")
        return next((value for name in names if (value := getattr(instance, name, ""))), "none")

    def __set__(self, instance, value):
        instance.__dict__[self.field.attname] = value


class JsonTranslatedDescriptor:
    """As modeltrans's: what the column `i18n` has for the active language, or the own column."""

    def __init__(self, name):
        self.name = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        return (instance.i18n or {}).get(f"{self.name}_{get_language()}", instance.name)


class Translated(models.Model):
    """Texts in several languages, in the ways of packages: columns, a JSON column, rows beside."""

    title = models.CharField(max_length=50)
    title_en = models.CharField(max_length=50, default="")
    title_de = models.CharField(max_length=50, default="")
    name = models.CharField(max_length=50, default="")
    i18n = models.JSONField(null=True)
    owner = models.ForeignKey(Author, models.CASCADE, null=True, related_name="translated")

    name_i18n = JsonTranslatedDescriptor("name")

    @property
    def text(self):
        """As parler's fields: read of the row of the active language, which is kept here."""
        kept = self.__dict__.setdefault("_kept_translations", {})
        if not kept:
            kept.update((one.language, one.text) for one in self.translations.all())
        return kept.get(get_language(), kept.get("en", ""))


Translated.title = TranslatedDescriptor(Translated._meta.get_field("title"))


class Translation(models.Model):
    master = models.ForeignKey(Translated, models.CASCADE, related_name="translations")
    language = models.CharField(max_length=2)
    text = models.CharField(max_length=50)
