// The button names the time that was picked. Without this file it says "Book this drive", and works the same.
const form = document.querySelector("form.booking");
const button = form?.querySelector("button[type=submit]");

form?.addEventListener("change", ({ target }) => {
  if (target.name !== "slot") return;
  const day = target.closest("[role=group]").dataset.day;
  const time = target.nextElementSibling.textContent;
  button.textContent = day ? `Book ${day}, ${time}` : `Book ${time}`;
});
