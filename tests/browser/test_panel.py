"""The panel as a person uses it: opened, unfolded, sorted, in the dark, and from the history."""

import pytest


def open_panel(page, url):
    page.goto(url)
    handle = page.locator("#djShowToolBarButton")
    page.locator("#djDebug").wait_for(state="attached")
    page.wait_for_function("document.querySelector('#djDebugRoot') !== null")
    if handle.is_visible():
        handle.click()
    page.locator("a.JITPanel").click()
    panel = page.locator("#JITPanel .djust-panel")
    panel.wait_for()
    return panel


def column(panel, number):
    cells = panel.locator(f"#djust-templates + table tbody td:nth-child({number})")
    return [float(cell.get_attribute("data-sort")) for cell in cells.all()]


def test_the_panel_tells_what_was_saved(page, served, picture):
    panel = open_panel(page, f"{served}/blog/")
    assert "Django would have run 898 more." in panel.inner_text()
    assert "898 queries saved" in page.locator("#djdt-JITPanel").inner_text()
    picture(page, "panel")


def test_a_site_is_unfolded(page, served, picture):
    panel = open_panel(page, f"{served}/")
    panel.locator(".djust-details summary").first.click()
    details = panel.locator(".djust-details details[open]")
    text = details.inner_text()
    assert "tenant__preferred_name" in text and "SELECT" in text and "def serialize" in text
    details.locator(".djust-source .k").first.wait_for()
    picture(page, "panel-site")


def test_a_table_is_sorted_by_a_click_and_back_by_a_second(page, served):
    panel = open_panel(page, f"{served}/")
    head = panel.locator("#djust-templates + table th", has_text="Own nodes")
    head.click()
    assert column(panel, 4) == sorted(column(panel, 4))
    assert head.get_attribute("aria-sort") == "ascending"
    head.click()
    assert column(panel, 4) == sorted(column(panel, 4), reverse=True)
    assert head.get_attribute("aria-sort") == "descending"


def test_a_table_is_sorted_from_the_keyboard(page, served):
    panel = open_panel(page, f"{served}/")
    head = panel.locator("#djust-templates + table th", has_text="Own nodes")
    head.focus()
    page.keyboard.press("Enter")
    assert column(panel, 4) == sorted(column(panel, 4))


def test_a_text_leaves_the_lines_that_contain_it(page, served):
    panel = open_panel(page, f"{served}/blog/")
    lines = panel.locator("#djust-templates + table > tbody")
    everything = lines.count()
    panel.locator(".djust-filter").fill("TAGS.html")
    assert everything > 1 and lines.filter(visible=True).count() == 1
    nodes = panel.locator("#djust-nodes + table > tbody > tr").filter(visible=True)
    assert 0 < nodes.count() == nodes.filter(has_text="tags.html").count()
    panel.locator(".djust-filter").fill("")
    assert lines.filter(visible=True).count() == everything


def test_an_n_plus_one_stands_first(page, served, picture):
    panel = open_panel(page, f"{served}/showcase/n-plus-one/")
    row = panel.locator("#djust-unplanned + table tbody tr").first
    text = row.inner_text()
    assert "showcase/n_plus_one.html:13" in text and "100 times" in text
    picture(page, "panel-n-plus-one")


def test_a_template_left_to_django_says_why(page, served):
    panel = open_panel(page, f"{served}/showcase/left-to-django/")
    row = panel.locator("#djust-templates + table tbody", has_text="left_to_django.html")
    assert row.locator(".djust-django").inner_text() == "django"
    assert "{% greeting %}" in row.inner_text()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_mode_can_be_read_in_both_themes(page, served, theme, picture):
    page.emulate_media(color_scheme=theme)
    page.add_init_script(f"localStorage.setItem('djdt.user-theme', '{theme}')")
    panel = open_panel(page, f"{served}/")
    badge = panel.locator(".djust-mode").first
    colours = badge.evaluate(
        "one => [one, one.closest('table')].map(it => getComputedStyle(it))"
        ".map((style, at) => at ? style.backgroundColor : style.color)"
    )
    assert contrast(*colours) >= 4.5
    picture(page, f"panel-{theme}")


def contrast(first, second):
    """The ratio of WCAG 2.2 between two colours: ``rgb(r, g, b)``."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    parts = [int(one) / 255 for one in colour.split("(")[1].rstrip(")").split(",")[:3]]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return sum(weight * one for weight, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_an_earlier_page_is_shown_from_the_history(page, served):
    page.goto(f"{served}/blog/")
    panel = open_panel(page, f"{served}/showcase/n-plus-one/")
    assert "100 of them not planned" in panel.inner_text()
    page.locator("#JITPanel .djDebugClose").click()
    with page.expect_response("**/history.js") as script:
        page.locator("a.HistoryPanel").click()
    # The toolbar imports it once the table is there; before that, nobody hears the click.
    page.evaluate("url => import(url).then(() => null)", script.value.url)
    earlier = page.locator("#HistoryPanel tbody tr", has_text="/blog/").first
    earlier.locator(".switchHistory").click()
    page.locator("#djdt-JITPanel", has_text="898 queries saved").wait_for()
