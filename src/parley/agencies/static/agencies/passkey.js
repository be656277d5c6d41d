/* Passkeys: the browser has the person's authenticator make a key, or sign the challenges of a page.
 *
 * A form with [data-passkey="make"] brings a challenge; one with [data-passkey="sign"] one for each text that
 * is signed, with a blank between them. What the authenticator gives goes into the form's hidden fields.
 */
"use strict";

(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  async function make(form) {
    const { challenge, rp, name, number } = form.dataset;
    const made = await navigator.credentials.create({
      publicKey: {
        challenge: bytes(challenge),
        rp: { id: rp, name: rp },
        user: { id: new TextEncoder().encode(`officer ${number}`), name, displayName: name },
        pubKeyCredParams: [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -8 }],
        authenticatorSelection: { userVerification: "required" },
        attestation: "none",
      },
    });
    form.elements.data.value = text(made.response.getAuthenticatorData());
    form.elements.client.value = text(made.response.clientDataJSON);
    form.elements.key.value = text(made.response.getPublicKey());
    form.elements.id.value = text(made.rawId);
  }

  async function sign(form) {
    const { challenges, rp, credential } = form.dataset;
    const given = [];
    for (const challenge of challenges.split(" ")) {
      const signed = await navigator.credentials.get({
        publicKey: {
          challenge: bytes(challenge),
          rpId: rp,
          allowCredentials: [{ type: "public-key", id: bytes(credential) }],
          userVerification: "required",
        },
      });
      const { authenticatorData, clientDataJSON, signature } = signed.response;
      given.push([authenticatorData, clientDataJSON, signature].map(text).join("."));
    }
    form.elements.assertion.value = given.join(" ");
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!window.PublicKeyCredential) continue;
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const told = form.querySelector("[data-told]");
      told.textContent = "";
      try {
        await (form.dataset.passkey === "make" ? make(form) : sign(form));
        form.submit();
      } catch {
        told.textContent = told.dataset.told;
      }
    });
  }
})();
