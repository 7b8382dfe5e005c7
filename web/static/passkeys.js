// The passkey buttons: asks the server what to sign, lets the browser do it, and sends the answer as an ordinary form.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const described = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

async function made(options) {
  options.challenge = bytes(options.challenge);
  options.user.id = bytes(options.user.id);
  options.excludeCredentials = described(options.excludeCredentials);
  const credential = await navigator.credentials.create({ publicKey: options });
  const answer = credential.response;
  return {
    id: credential.id, rawId: text(credential.rawId), type: credential.type,
    response: { clientDataJSON: text(answer.clientDataJSON), attestationObject: text(answer.attestationObject) },
  };
}

async function signed(options) {
  options.challenge = bytes(options.challenge);
  options.allowCredentials = described(options.allowCredentials);
  const credential = await navigator.credentials.get({ publicKey: options });
  const answer = credential.response;
  return {
    id: credential.id, rawId: text(credential.rawId), type: credential.type,
    response: {
      clientDataJSON: text(answer.clientDataJSON), authenticatorData: text(answer.authenticatorData),
      signature: text(answer.signature), userHandle: answer.userHandle ? text(answer.userHandle) : null,
    },
  };
}

async function go(form) {
  const asked = await fetch(form.dataset.passkey, { method: "POST" });
  if (!asked.ok) return form.submit();
  const { step, options } = await asked.json();
  const publicKey = JSON.parse(options);
  const credential = await (publicKey.user ? made(publicKey) : signed(publicKey));
  form.elements.step.value = step;
  form.elements.credential.value = JSON.stringify(credential);
  form.submit();
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      // Whoever closes the browser's window simply stays on the page.
      go(form).catch(() => { delete form.dataset.sent; });
    });
  }
  for (const one of document.querySelectorAll("[data-without-passkeys]")) one.hidden = true;
}
