// Answers each press in the page, with the engine and the prices that the server has; without this file the same form asks the server.
const place = document.querySelector(".build");
const form = place.querySelector(".build-options");
const offered = JSON.parse(place.dataset.prices);
const { Rules } = await import(document.getElementById("build-script").dataset.engine);
const rules = new Rules(await fetch(place.dataset.rules).then((answer) => answer.arrayBuffer()));
const buttons = [...form.querySelectorAll("[data-option]")];
const dollars = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD", maximumFractionDigits: 0 });
const cents = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });
const money = { format: (amount) => (Number.isInteger(amount) ? dollars : cents).format(amount) };
const bringers = new Map();
for (const [slug, option] of Object.entries(offered.options)) {
  for (const brought of option.includes) bringers.set(brought, [...(bringers.get(brought) ?? []), slug]);
}
const views = [...place.querySelectorAll(".car-views a")];
const first = views[0]?.dataset.view ?? place.dataset.view;
let outside = place.dataset.view === "inside" ? first : place.dataset.view;
let wishes = new Map();
let car = {};

form.addEventListener("submit", (press) => {
  const button = press.submitter;
  if (!button?.dataset.option || button.classList.contains("option-closed")) return; // the server says what it needs
  press.preventDefault();
  look(viewThatShows(button.dataset.option));
  history.pushState({ own: true }, "", address(button.value));
  const before = car;
  read(button.value);
  show();
  say(button.dataset.option, also(before, button.dataset.option));
});
addEventListener("popstate", () => {
  if (!read(new URLSearchParams(location.search).get("b") ?? "")) return location.reload(); // the server's to explain
  look(new URLSearchParams(location.search).get("view") ?? first);
  show();
  also(car, "");
  say("", "");
});
for (const link of views) {
  link.addEventListener("click", (press) => {
    if (press.ctrlKey || press.metaKey || press.shiftKey) return;
    press.preventDefault();
    look(link.dataset.view);
    history.replaceState(history.state, "", address(text()));
    show();
  });
}
place.querySelector("[data-undo]").addEventListener("click", (press) => {
  if (!history.state?.own) return;
  press.preventDefault();
  history.back();
});
read(place.dataset.build);
show();

/** A build as addresses have it: the newest wish stands last, "~" says without. */
function read(build) {
  wishes = new Map();
  for (const word of build.split(".").filter(Boolean)) {
    const slug = word.replace(/^~/, "");
    const option = offered.options[slug];
    if (!option || (option.value === slug && word !== slug)) continue;
    wishes.delete(option.variable);
    wishes.set(option.variable, { slug, value: word === slug ? option.value : "no" });
  }
  for (const name of rules.names) rules.choose(name, wishes.get(name)?.value ?? null);
  const chosen = Object.fromEntries([...wishes].map(([name, wish]) => [name, wish.value]));
  const found = rules.nearest(chosen, offered.defaults);
  car = found ?? car;
  return found !== null;
}

function show() {
  for (const button of buttons) {
    const option = offered.options[button.dataset.option];
    const has = car[option.variable] === option.value;
    const wanted = option.value === button.dataset.option || !has ? option.value : "no";
    const open = rules.can(option.variable, wanted);
    button.value = written(option.variable, { slug: button.dataset.option, value: wanted });
    button.setAttribute("aria-pressed", String(has));
    button.classList.toggle("option-closed", !open);
    button.toggleAttribute("formaction", !open);
    if (!open) button.setAttribute("formaction", "#answer");
    button.querySelector("[data-needs]").textContent = open ? "" : "Needs a change";
    const price = priceOf(button.dataset.option, { ...car, [option.variable]: option.value });
    button.querySelector("[data-price]").textContent = price === null ? "included" : price ? (option.variable === "trim" ? "" : "+") + money.format(price) : "no extra cost";
  }
  const parts = Object.keys(offered.options).filter((slug) => has(car, slug));
  const total = parts.reduce((sum, slug) => sum + Math.round((priceOf(slug, car) ?? 0) * 100), 0) / 100;
  for (const shown of place.querySelectorAll("[data-total]")) shown.textContent = money.format(total);
  place.querySelector("[data-parts]").replaceChildren(
    ...parts.map((slug) => {
      const row = document.createElement("tr");
      const name = Object.assign(document.createElement("th"), { scope: "row", textContent: offered.options[slug].name });
      const price = priceOf(slug, car);
      row.append(name, Object.assign(document.createElement("td"), { className: "number", textContent: price === null ? "included" : money.format(price) }));
      return row;
    }),
  );
  const weeks = Math.max(offered.weeks, ...parts.map((slug) => offered.options[slug].weeks));
  const slow = weeks > offered.weeks ? parts.filter((slug) => offered.options[slug].weeks === weeks).map((slug) => offered.options[slug].name) : [];
  place.querySelector("[data-weeks]").textContent =
    `Ready in about ${weeks} weeks${slow.length ? `, since ${slow.join(" and ")} take${slow.length === 1 ? "s" : ""} longer` : ""}.`;
  const undo = place.querySelector("[data-undo]");
  if (!wishes.size && document.activeElement === undo) document.getElementById("sum").focus();
  undo.hidden = !wishes.size;
  undo.href = address([...wishes].slice(0, -1).map(([, wish]) => word(wish)).join("."));
  for (const link of place.querySelectorAll("[data-comparisons] a")) {
    const target = new URL(link.href);
    target.searchParams.set("a", `${place.dataset.line}:${text()}`);
    link.href = target;
  }
  for (const link of place.querySelectorAll("[data-here]")) {
    const target = new URL(link.href);
    target.searchParams.set("b", text());
    target.searchParams.set("view", place.dataset.view);
    link.href = target;
  }
  for (const link of views) {
    const target = new URL(link.href);
    target.searchParams.set("b", text());
    link.href = target;
  }
  for (const field of place.querySelectorAll("[data-b]")) field.value = text();
  draw();
  pay();
}

/** A month's payment is reckoned by the server alone, so that it is right to the cent. */
async function pay() {
  const wanted = text();
  const answer = await fetch(`${place.dataset.paymentUrl}?${new URLSearchParams({ b: wanted, state: place.dataset.state })}`);
  if (answer.ok && wanted === text()) place.querySelector("[data-payment]").innerHTML = await answer.text();
}

/** From where the car is seen from now on. */
function look(view) {
  place.dataset.view = view;
  if (view !== "inside") outside = view;
  for (const link of views) {
    if (link.dataset.view === view) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  for (const field of place.querySelectorAll("[name=view]")) field.value = view;
}

/** Seats are looked at inside and paint outside; whatever else is chosen leaves the view as it is. */
function viewThatShows(slug) {
  const parts = Object.keys(offered.options[slug].look);
  if (!parts.length) return place.dataset.view;
  if (!parts.includes("seat")) return outside;
  return views.some((link) => link.dataset.view === "inside") ? "inside" : place.dataset.view;
}

async function draw() {
  const words = new URLSearchParams({ b: text(), view: place.dataset.view });
  const answer = await fetch(`${place.dataset.pictureUrl}?${words}`);
  if (answer.ok && words.get("b") === text() && words.get("view") === place.dataset.view) place.querySelector("[data-picture]").innerHTML = await answer.text();
}

function also(before, pressed) {
  const words = [];
  const named = (slug) => offered.options[slug].name;
  for (const [name, value] of Object.entries(car)) {
    if (before[name] === value || name === offered.options[pressed]?.variable) continue;
    if (name in offered.options) words.push(value === "yes" ? named(name) : `no ${named(name)}`);
    else words.push(`${named(value)} instead of ${named(before[name])}`);
  }
  const line = place.querySelector("[data-also]");
  line.hidden = !words.length;
  line.textContent = words.length ? `This came with it: ${words.join(", ")}.` : "";
  for (const old of place.querySelectorAll(".build-answer, [data-saved]")) old.remove();
  return line.textContent;
}

/** For those who hear the page: what the press did, and the price. */
function say(pressed, came) {
  const option = offered.options[pressed];
  const did = option ? `${option.name} ${has(car, pressed) ? "chosen" : "taken out"}.` : "Undone.";
  place.querySelector("[data-said]").textContent = `${did} ${came} ${place.querySelector("[data-total]").textContent}`;
}

function has(some, slug) {
  const option = offered.options[slug];
  return some[option.variable] === option.value;
}

/** Null for what something else brings. */
function priceOf(slug, some) {
  if (bringers.get(slug)?.some((other) => has(some, other))) return null;
  const row = offered.options[slug].prices.find(([, having]) => having.every((other) => has(some, other)));
  return Number(row[0]);
}

function word({ slug, value }) {
  return value === "no" ? `~${slug}` : slug;
}

function text() {
  return [...wishes.values()].map(word).join(".");
}

function written(variable, wish) {
  return [...[...wishes].filter(([name]) => name !== variable).map(([, other]) => word(other)), word(wish)].join(".");
}

function address(build) {
  const words = new URLSearchParams(build ? { b: build } : {});
  if (place.dataset.state) words.set("state", place.dataset.state);
  if (place.dataset.view !== first) words.set("view", place.dataset.view);
  return `${location.pathname}?${words}`;
}
