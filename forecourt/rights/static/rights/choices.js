// A yes that needs a second step asks in a dialog. Without this file a page asks, in the same words.
for (const form of document.querySelectorAll("form[data-confirm]")) {
  const dialog = document.getElementById(form.dataset.confirm);
  form.addEventListener("submit", (press) => {
    press.preventDefault();
    dialog.showModal();
  });
  dialog.querySelector("[data-cancel]").addEventListener("click", (press) => {
    press.preventDefault();
    dialog.close();
  });
}
// Something was just chosen: pages in other tabs that hold a tag look again whether they may (traffic/tags.js).
if (document.querySelector("#choices [role=status]")) new BroadcastChannel("choices").postMessage("chosen");
