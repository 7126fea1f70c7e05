addEventListener("DOMContentLoaded", () => {
  document.getElementById("waited").textContent = `it came after ${(performance.now() / 1000).toFixed(1)} s`;
});
