import { load } from "{{asset "basket.js"}}";
import { pounds } from "{{asset "price.js"}}";

const basket = await load();
for (const count of document.querySelectorAll(".count")) {
  count.textContent = basket.items || "";
  count.parentElement.title = `Your basket: ${pounds(basket.total)}`;
}
