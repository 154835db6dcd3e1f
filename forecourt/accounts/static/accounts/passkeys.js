// Passkeys. Each form of class "passkey" asks `data-challenge` what to sign, has the device sign it, and sends the answer along.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function readable(options) {
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const list of ["excludeCredentials", "allowCredentials"])
    for (const one of options[list] ?? []) one.id = bytes(one.id);
  return options;
}

function sendable(credential) {
  const { response } = credential;
  const found = { id: credential.id, rawId: text(credential.rawId), type: credential.type, clientExtensionResults: {}, response: {} };
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (response[name]) found.response[name] = text(response[name]);
  return found;
}

async function ask(form) {
  const body = new URLSearchParams(form.dataset.ticket ? { ticket: form.dataset.ticket } : {});
  const answer = await fetch(form.dataset.challenge, { method: "POST", body });
  if (answer.redirected || answer.status === 401) {
    location.assign(answer.redirected ? answer.url : location.href);
    return false;
  }
  if (!answer.ok) throw new Error("refused");
  const { token, publicKey } = await answer.json();
  const options = { publicKey: readable(publicKey) };
  const making = form.dataset.makes !== undefined;
  const credential = await (making ? navigator.credentials.create(options) : navigator.credentials.get(options));
  form.elements.asked.value = token;
  form.elements.credential.value = JSON.stringify(sendable(credential));
  const shared = document.querySelector("#shared_device");
  if (form.elements.shared_device) form.elements.shared_device.value = shared?.checked ? "on" : "";
  return true;
}

for (const form of document.querySelectorAll("form.passkey")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const trouble = form.querySelector(".passkey-trouble");
    trouble.hidden = true;
    try {
      if (await ask(form)) form.submit();
    } catch {
      trouble.hidden = false;
    }
  });
}
