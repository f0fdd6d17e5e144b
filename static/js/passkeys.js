// Has the browser make a passkey, or answer with one, and sends what it says with the form. Until this has run, and in
// browsers without passkeys, the form is hidden, and a sentence in its place says what else one can do.
const parts = [...document.querySelectorAll("[data-passkey]")];

// What the browser offers beside the e-mail address, until somebody asks for more.
let offer;

const show = (part, name) => {
  for (const each of part.children) each.hidden = each.dataset.when !== name;
};

const tell = (form, sentence) => {
  form.querySelector("[role=alert]").textContent = sentence;
  form.querySelector("button").focus();
};

// What the register wants the passkey to be; null where the form says so itself, when it is sent.
const asked = async part => {
  const form = part.querySelector("form");
  const answer = await fetch(part.dataset.options, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (answer.status === 422) return null;
  if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
  return answer.json();
};

const useOne = async (part, more = {}) => {
  const form = part.querySelector("form");
  offer?.abort();
  offer = new AbortController();
  const { signal } = offer;
  const options = await asked(part);
  let answer;
  if (options && part.dataset.passkey === "add") {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    answer = await navigator.credentials.create({ publicKey, signal });
  } else if (options) {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    answer = await navigator.credentials.get({ publicKey, signal, ...more });
  }
  if (answer) form.querySelector("[data-answer]").value = JSON.stringify(answer);
  form.submit();
};

// Whoever waits at the page longer than the register does is asked with a new number.
const offerOnes = part => {
  useOne(part, { mediation: "conditional" }).catch(() => {});
  setTimeout(() => document.visibilityState === "visible" && !part.dataset.busy && offerOnes(part), 4 * 60_000);
};

// Whoever comes back to the page finds it as it was left.
addEventListener("pageshow", () => parts.forEach(part => delete part.dataset.busy));

for (const part of parts) {
  const works = window.PublicKeyCredential?.parseCreationOptionsFromJSON;
  if (location.origin !== part.dataset.origin) {
    show(part, "elsewhere");
    continue;
  }
  show(part, works ? "form" : "unsupported");
  const form = part.querySelector("form");
  form.addEventListener("submit", async event => {
    event.preventDefault();
    if (part.dataset.busy) return;
    part.dataset.busy = "yes";
    form.querySelector("[role=alert]").textContent = "";
    try {
      await useOne(part);
    } catch (error) {
      const kind = error.name[0].toLowerCase() + error.name.slice(1);
      tell(form, part.dataset[kind] ?? part.dataset.failed);
      delete part.dataset.busy;
    }
  });
  if (works && "offers" in part.dataset) {
    PublicKeyCredential.isConditionalMediationAvailable?.().then(can => can && offerOnes(part));
  }
}
