// Moves the map closer and back.
let scale = 1;
const map = document.querySelector(".map");
document.querySelector(".zoom").addEventListener("click", (event) => {
  scale = Math.min(2, Math.max(1, scale + (event.target.textContent === "+" ? 0.25 : -0.25)));
  map.style.scale = scale;
});
