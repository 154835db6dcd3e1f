/* The same form, answered without a new page. Whatever goes wrong, the button still works. */
const form = document.querySelector("[data-pay]");
const figures = document.querySelector("[data-figures]");
let asked = null;

form.addEventListener("change", () => ask());
form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask({ pressed: true });
});

async function ask({ pressed = false } = {}) {
  const address = `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`;
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(address, { signal: asked.signal });
    if (!answer.ok) throw new Error(answer.statusText);
    show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    history.replaceState(null, "", address);
    if (pressed) (form.querySelector("[aria-invalid]") ?? figures.querySelector("h2"))?.scrollIntoView({ block: "center" });
    if (pressed) form.querySelector("[aria-invalid]")?.focus();
  } catch (error) {
    if (error.name !== "AbortError" && pressed) location.assign(address);
  }
}

/** The figures, and under each field what is wrong with it. What somebody is typing stays theirs. */
function show(page) {
  document.querySelector("[data-glance]").replaceChildren(...page.querySelector("[data-glance]").childNodes);
  document.querySelector("[data-said]").textContent = page.querySelector("[data-said]").textContent;
  figures.replaceChildren(...page.querySelector("[data-figures]").childNodes);
  const answered = page.querySelectorAll("[data-pay] .field");
  form.querySelectorAll(".field").forEach((field, at) => {
    const control = field.querySelector("input, select");
    field.className = answered[at].className;
    field.querySelector(".error")?.remove();
    const error = answered[at].querySelector(".error");
    if (error) field.append(error);
    for (const name of ["aria-invalid", "aria-describedby"]) {
      const value = answered[at].querySelector("input, select").getAttribute(name);
      if (value === null) control.removeAttribute(name);
      else control.setAttribute(name, value);
    }
  });
}
