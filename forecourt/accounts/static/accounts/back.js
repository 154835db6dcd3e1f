// Going back must not show a page of an account that a browser kept alive in memory: it is asked for again.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
