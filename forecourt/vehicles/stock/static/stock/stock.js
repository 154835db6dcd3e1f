// Each tick shows its cars at once: the page that the form would lead to is fetched, and its list and counts take the place of ours.
// Without this script the button does it.

const form = document.querySelector("[data-stock]");
let asked = 0;

async function show(address) {
  const mine = ++asked;
  const held = document.activeElement;
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== asked) return;
    const found = page.querySelector("[data-stock]");
    for (const part of [".stock-facets", ".stock-found"]) {
      form.querySelector(part).replaceWith(found.querySelector(part));
    }
    document.title = page.title;
    history.pushState(null, "", answer.url);
    const again = [...form.elements].find((each) => each.name === held.name && each.value === held.value);
    if (again) again.focus({ preventScroll: true });
  } catch {
    if (mine === asked) location.assign(address);
  } finally {
    if (mine === asked) form.removeAttribute("aria-busy");
  }
}

form.addEventListener("change", (event) => {
  if (!event.target.matches("[type=checkbox], [type=radio]")) return;
  const said = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  show(`${form.action}${said.size ? "?" : ""}${said}`);
});

addEventListener("popstate", () => location.reload());
