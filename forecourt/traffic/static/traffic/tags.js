// A page that holds somebody else's tag asks for itself anew once something was chosen in another tab, or once it is come back
// to: after a no, the tag's script ends here too, and not only on the pages that follow.
const anew = () => location.reload();
new BroadcastChannel("choices").addEventListener("message", anew);
addEventListener("pageshow", (shown) => shown.persisted && anew());
