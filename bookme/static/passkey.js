/* [data-passkey="address of the options"] has a passkey sign (or, with data-make, makes one), puts the answer into the
   form's field "passkey" and sends the form. Hidden without this. */
(() => {
  "use strict";
  if (!window.PublicKeyCredential) return;
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

  const asked = async (button) => {
    const body = new URLSearchParams({ csrf_token: button.form.elements.csrf_token.value });
    const answer = await fetch(button.dataset.passkey, { method: "POST", body, redirect: "manual" });
    if (!answer.ok) return location.reload();
    const options = await answer.json();
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    options.excludeCredentials = known(options.excludeCredentials);
    options.allowCredentials = known(options.allowCredentials);
    return options;
  };

  const written = ({ id, rawId, type, response }) => {
    const said = { clientDataJSON: text(response.clientDataJSON) };
    if (response.attestationObject) {
      said.attestationObject = text(response.attestationObject);
      said.transports = response.getTransports?.() ?? [];
    } else {
      said.authenticatorData = text(response.authenticatorData);
      said.signature = text(response.signature);
      if (response.userHandle) said.userHandle = text(response.userHandle);
    }
    return JSON.stringify({ id, rawId: text(rawId), type, response: said });
  };

  const use = async (button) => {
    const publicKey = await asked(button);
    if (!publicKey) return;
    const made = "make" in button.dataset;
    const credential = await navigator.credentials[made ? "create" : "get"]({ publicKey });
    button.form.elements.passkey.value = written(credential);
    button.form.noValidate = true;
    button.form.requestSubmit();
  };

  document.querySelectorAll("[data-passkeys]").forEach((one) => (one.hidden = false));
  document.querySelectorAll("[data-no-passkeys]").forEach((one) => one.remove());
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-passkey]");
    if (!button) return;
    const trouble = button.form.querySelector("[data-passkey-trouble]");
    trouble.hidden = true;
    button.disabled = true;
    try {
      await use(button);
    } catch {
      trouble.textContent = trouble.dataset.passkeyTrouble;
      trouble.hidden = false;
    }
    button.disabled = false;
  });
})();
