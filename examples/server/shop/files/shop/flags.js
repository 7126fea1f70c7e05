// Runs before anything is shown, so that nothing jumps: which variant of the shop this visitor gets.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  root.dataset.variant = "a";
})();
