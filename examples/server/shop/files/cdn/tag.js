// What shops count visitors with. This one keeps to itself what it has counted.
(() => {
  window.dataLayer = window.dataLayer || [];
  window.dataLayer.push({ event: "view", page: location.pathname, at: Math.round(performance.now()) });
})();
