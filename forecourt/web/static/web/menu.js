// The menu is a <details> and works without this. With it: Escape closes it and gives the focus back, and so does leaving it.
const menu = document.querySelector("details.menu");
const button = menu?.querySelector("summary");

menu?.addEventListener("keydown", event => {
  if (event.key !== "Escape" || !menu.open) return;
  menu.open = false;
  button.focus();
});
menu?.addEventListener("focusout", event => {
  // No relatedTarget: a click on what takes no focus, or another window. Neither is leaving.
  if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});
document.addEventListener("click", event => {
  if (menu?.open && !menu.contains(event.target)) menu.open = false;
});
// The browser's back button brings a page as it was left.
addEventListener("pageshow", event => { if (event.persisted && menu) menu.open = false; });
