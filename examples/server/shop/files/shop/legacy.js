// For browsers without modules: the basket is a link without a number.
document.documentElement.className += " legacy";
