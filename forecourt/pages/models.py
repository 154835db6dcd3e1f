"""The pages that editors write: a home page, and under it stories and explanations. None of it is about a visitor."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import CharBlock, ListBlock, RichTextBlock, StructBlock, StructValue, TextBlock
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page, PageQuerySet

from forecourt.dealers.forms import SearchForm
from forecourt.pages import addresses
from forecourt.pages.ways import ways
from forecourt.proof import page
from forecourt.vehicles import catalogue, recent
from forecourt.web import structured
from forecourt.web.menu import PLACES, TITLES

# The sentence that the home page shows with its mark, where the brand's policy has it.
PROMISE = "P-3F-5"
FORMATS = ["h2", "h3", "bold", "italic", "ol", "ul", "link"]


class LinkValue(StructValue):
    @property
    def is_ours(self) -> bool:
        return self["address"].startswith("/")


class Quote(StructBlock):
    words = TextBlock()
    who = CharBlock(required=False, help_text="Who says it.")

    class Meta:
        icon = "openquote"
        template = "pages/quote.html"


class Picture(StructBlock):
    image = ImageChooserBlock()
    shows = CharBlock(help_text="What it shows, for somebody who cannot see it.")
    caption = CharBlock(required=False)

    class Meta:
        icon = "image"
        template = "pages/picture.html"


class Link(StructBlock):
    words = CharBlock()
    address = CharBlock(
        help_text="A path of ours, such as /dealers/, or a whole address: https://, mailto: or tel:.",
        validators=[addresses.must_be_fit],
    )

    class Meta:
        value_class = LinkValue


def stream() -> StreamField:
    """The same four kinds of block everywhere. Nothing that would bring another site's code or cookies in."""
    return StreamField(
        [
            (
                "text",
                RichTextBlock(features=FORMATS, validators=[addresses.all_must_be_fit], template="pages/text.html"),
            ),
            ("quote", Quote()),
            ("picture", Picture()),
            ("links", ListBlock(Link(), icon="link", template="pages/links.html")),
        ],
        blank=True,
    )


class Written(models.Model):
    """What both kinds of page share: their words."""

    lead = models.TextField(blank=True, help_text="One or two sentences under the title.")
    body = stream()

    class Meta:
        abstract = True


class HomePage(Written, Page):  # type: ignore[django-manager-missing]  # the library makes its manager as it runs
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["pages.EditorialPage"]
    max_count = 1
    template = "pages/home.html"
    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]

    def get_context(self, request, *args, **kwargs) -> dict:
        stories = EditorialPage.menu().child_of(self)
        cars = catalogue.bookable()
        shown = {"hero": "web/home_hero.html", "line": cars[0]} if cars else {"hero": "pages/hero.html"}
        promise = page.one(PROMISE, request.now)
        shown |= {"sentence": promise.html, "mark": promise.mark} if promise else {}
        words = {
            "title": self.title,
            "lead": self.lead,
            "stories": stories,
            "lines": cars,
            "recent": recent.shown(request),
            "ways": list(ways()),
            "form": SearchForm(auto_id="way-%s", label_suffix=""),
            "structured": [structured.organization(), structured.website()],
        }
        return {**super().get_context(request, *args, **kwargs), **shown, **words}


class EditorialPage(Written, Page):  # type: ignore[django-manager-missing]
    group = models.CharField(
        "place in the menu",
        max_length=16,
        blank=True,
        choices=[(name, TITLES[name]) for name in PLACES],
        help_text="Under which heading the site's menu and footer lead here; empty: under none.",
    )

    parent_page_types = ["pages.HomePage", "pages.EditorialPage"]
    subpage_types = ["pages.EditorialPage"]
    template = "pages/editorial.html"
    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("group"), FieldPanel("body")]

    @classmethod
    def menu(cls) -> PageQuerySet:
        """What editors put into the menu ("show in menus"), in the order of the tree."""
        return cls.objects.live().public().in_menu().order_by("path")

    def get_context(self, request, *args, **kwargs) -> dict:
        return {
            **super().get_context(request, *args, **kwargs),
            "stories": self.menu().sibling_of(self, inclusive=False),
        }


class Loaded(models.Model):
    """What a file of the brand pack last put on a page. A page whose words differ was changed by an editor, and is left alone;
    so is one that an editor took away."""

    source = models.CharField(primary_key=True, max_length=100)
    page = models.OneToOneField(Page, null=True, on_delete=models.SET_NULL)
    digest = models.CharField(max_length=64, help_text="Of the words as they came to stand on the page.")
    at = models.DateTimeField()
