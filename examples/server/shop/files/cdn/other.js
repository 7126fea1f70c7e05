document.getElementById("other").textContent = "it has run";
