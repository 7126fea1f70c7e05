// The menu of small windows.
(() => {
  const button = document.querySelector(".menu");
  button?.addEventListener("click", () => {
    const open = document.querySelector(".top").classList.toggle("open");
    button.setAttribute("aria-expanded", String(open));
  });
})();
