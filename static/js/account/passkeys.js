// Passkeys: the browser's ceremony between a page of ours and its form. Options come from the page, or from the form's address.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
export const base64url = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const withBytes = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

// Returns what navigator.credentials.create() wants. A passkey that signs in alone is stored on its device and asks who is there.
export function creationOptions({ publicKey }, { isAlone }) {
  const selection = { ...publicKey.authenticatorSelection };
  if (isAlone) Object.assign(selection, { residentKey: "required", requireResidentKey: true, userVerification: "required" });
  return {
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: withBytes(publicKey.excludeCredentials),
      authenticatorSelection: selection,
    },
  };
}

export function requestOptions({ publicKey }) {
  return { publicKey: { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: withBytes(publicKey.allowCredentials) } };
}

// Returns a credential as JSON, with its bytes as base64url.
export function plain(credential) {
  const { response } = credential;
  const fields = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const encoded = fields.filter((name) => response[name]).map((name) => [name, base64url(response[name])]);
  return {
    type: credential.type,
    id: credential.id,
    rawId: base64url(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: { ...Object.fromEntries(encoded), ...(response.getTransports && { transports: response.getTransports() }) },
  };
}

const MESSAGES = {
  NotAllowedError: "Cancelled, or it took too long. Try again.",
  InvalidStateError: "This device has a passkey for your account already.",
  SecurityError: "Passkeys work only over HTTPS, and only at the address they were added at.",
  NotSupportedError: "This device can’t store such a passkey. Turn off “Sign in with it alone”.",
};

async function optionsOf(form) {
  if (!("fetches" in form.dataset)) return JSON.parse(document.getElementById("passkey-options").textContent);
  const response = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error("The server didn’t answer. Try again in a minute.");
  return response.json();
}

export function passkey(form) {
  const fault = form.querySelector("[data-passkey-fault]");
  const isCreating = form.dataset.passkey === "create";
  if (!isCreating) form.hidden = !window.PublicKeyCredential;

  async function ask() {
    const options = await optionsOf(form);
    if (!isCreating) return navigator.credentials.get(requestOptions(options.request_options));
    const isAlone = form.elements.passwordless.checked;
    return navigator.credentials.create(creationOptions(options.creation_options, { isAlone }));
  }

  function show(message) {
    fault.textContent = message;
    fault.hidden = false;
  }

  async function submit(event) {
    event.preventDefault();
    fault.hidden = true;
    if (!window.PublicKeyCredential) return show(MESSAGES.SecurityError);
    try {
      form.elements.credential.value = JSON.stringify(plain(await ask()));
    } catch (error) {
      return show(MESSAGES[error.name] ?? error.message);
    }
    // form.submit() sends no second event
    form.submit();
  }

  form.addEventListener("submit", submit);
  return () => form.removeEventListener("submit", submit);
}
