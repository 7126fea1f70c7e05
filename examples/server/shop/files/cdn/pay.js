document.querySelector("button").addEventListener("click", (event) => {
  event.target.disabled = true;
  document.querySelector("p").textContent = "This shop sells nothing, so you have nothing to pay.";
});
