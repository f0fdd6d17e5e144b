// Tells colleagues, once a minute, that somebody has this page before them. Without it there is the button.
const form = document.getElementById("looking");
if (form) {
  const tell = () => {
    if (document.visibilityState === "visible") {
      fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" });
    }
  };
  form.hidden = true;
  tell();
  setInterval(tell, 60_000);
}
