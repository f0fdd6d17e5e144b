// Shows how far a preview is, once a second, and the preview itself when it is ready. Without it the page reloads itself.
const told = document.getElementById("progress");
const look = async () => {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer || !answer.ok) return setTimeout(look, 3000);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.getElementById("progress");
  if (!now || !now.querySelector("progress")) return location.reload();
  told.querySelector(".small").textContent = now.querySelector(".small").textContent;
  const [bar, other] = [told.querySelector("progress"), now.querySelector("progress")];
  if (other.hasAttribute("value")) {
    bar.max = other.max;
    bar.value = other.value;
  }
  setTimeout(look, 1000);
};
if (told) setTimeout(look, 1000);
