// Shows the picture that was chosen.
const first = document.querySelector(".gallery .first");
for (const button of document.querySelectorAll(".gallery button")) {
  button.addEventListener("click", () => {
    for (const other of document.querySelectorAll(".gallery button")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
    const image = button.querySelector("img");
    first.srcset = image.dataset.srcset;
    first.alt = image.alt;
  });
}
