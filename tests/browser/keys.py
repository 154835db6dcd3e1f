"""Somebody who has no mouse."""

from dataclasses import dataclass

from playwright.sync_api import Page


@dataclass
class Keys:
    """Tab, and what it comes to. Whatever has the focus must look different from when it has not."""

    page: Page

    def to(self, words: str = "", *, role: str = "", name: str = "", patience: int = 60) -> "Keys":
        """Press Tab until something with these words (or of this type or name) has the focus."""
        for _ in range(patience):
            self.page.keyboard.press("Tab")
            here = self.page.evaluate(FOCUSED)
            assert here["seen"], f"the focus cannot be seen on “{here['words']}”"
            if words in here["words"] and role in (here["type"] or "") and name in (here["name"] or ""):
                return self
        raise AssertionError(f"Tab did not come to “{words or role}”")

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)


# An outline of 2 px or more on the element, or on what is drawn in its place (a picture of a radio button, its label).
FOCUSED = """() => {
    const here = document.activeElement;
    const drawn = [here, here.nextElementSibling, here.parentElement, here.closest('label')].filter(Boolean);
    const outlined = element => {
        const style = getComputedStyle(element);
        return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    };
    const box = here.getBoundingClientRect();
    const label = here.labels?.[0]?.textContent ?? '';
    return {
        words: (label + ' ' + here.textContent).replace(/\\s+/g, ' '),
        type: here.type ?? '', name: here.name ?? '',
        seen: drawn.some(outlined) && box.bottom > 0 && box.top < innerHeight,
    };
}"""
