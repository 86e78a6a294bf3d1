/**
 * Passkeys: form[data-passkey] asks the server for options, the device for an answer, and sends it in the field
 * "credential". data-passkey is "create" or "get"; data-purpose says what for; data-options where the options come from.
 * The private half of a passkey never comes into this page.
 */

const say = (zh, en) => (document.documentElement.lang.startsWith("en") ? en : zh);

const bytesOf = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

const textOf = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

if (window.PublicKeyCredential) for (const form of document.querySelectorAll("form[data-passkey]")) start(form);

function start(form) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const press = form.querySelector("button");
    if (press.disabled) return;
    press.disabled = true;
    tell(form, "");
    try {
      form.elements.credential.value = JSON.stringify(await answer(form));
      form.submit();
    } catch (error) {
      tell(form, wordsOf(error));
      press.disabled = false;
    }
  });
}

async function answer(form) {
  const body = new URLSearchParams({
    csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
    purpose: form.dataset.purpose,
  });
  const got = await fetch(form.dataset.options, { method: "POST", body, credentials: "same-origin" });
  if (!got.ok) throw new Error(say("页面已过时，请刷新后再试", "this page is too old; load it again"));
  const publicKey = await got.json();
  publicKey.challenge = bytesOf(publicKey.challenge);
  for (const each of [...(publicKey.allowCredentials ?? []), ...(publicKey.excludeCredentials ?? [])]) each.id = bytesOf(each.id);
  if (publicKey.user) publicKey.user.id = bytesOf(publicKey.user.id);
  const found = await navigator.credentials[form.dataset.passkey]({ publicKey });
  const response = { clientDataJSON: textOf(found.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (found.response[name]) response[name] = textOf(found.response[name]);
  }
  return { id: found.id, rawId: textOf(found.rawId), type: found.type, response };
}

function wordsOf(error) {
  if (error.name === "NotAllowedError") return say("没有完成：被取消，或这台设备上没有可用的通行密钥", "Not done: cancelled, or this device has no passkey for this site");
  if (error.name === "InvalidStateError") return say("这台设备已经登记过通行密钥", "This device has a registered passkey already");
  return say(`没有完成：${error.message}`, `Not done: ${error.message}`);
}

function tell(form, words) {
  const place = form.querySelector("[role=alert]");
  place.hidden = !words;
  place.textContent = words;
}
