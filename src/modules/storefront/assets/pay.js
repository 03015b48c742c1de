// pay.js - puts the payment provider's own fields on our page. Card data never comes near us.
(() => {
    "use strict";
    const form = document.getElementById("pay");
    if (!form) return;
    const said = document.getElementById("pay-said"), button = form.querySelector("button");
    const script = document.createElement("script");
    script.src = "https://js.stripe.com/v3/";
    script.addEventListener("load", () => {
        const stripe = window.Stripe(form.dataset.key);
        const elements = stripe.elements({ clientSecret: form.dataset.secret });
        elements.create("payment").mount("#pay-fields");
        said.textContent = "";
        button.disabled = false;
        form.addEventListener("submit", async event => {
            event.preventDefault();
            button.disabled = true;
            const { error } = await stripe.confirmPayment({ elements, confirmParams: { return_url: form.dataset.back } });
            said.textContent = error ? error.message : "";
            button.disabled = false;
            delete form.dataset.sent;
        });
    });
    document.head.append(script);
})();
