const format = new Intl.NumberFormat("en-GB", { style: "currency", currency: "GBP" });

export const pounds = (amount) => format.format(amount);
