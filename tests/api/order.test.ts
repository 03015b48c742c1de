// A shop from nothing to a paid order, by the generated client alone: a warehouse's goods come in, a
// customer orders, the stock is held back, money arrives, the order is released.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { client, must, signIn, type Schemas } from "./house.js";

before(signIn);

const ORDER = "/api/v1/oms/orders/{id}" as const;

async function makeWarehouse(): Promise<string> {
  const place = must(
    await client.POST("/api/v1/company/places", {
      body: { place_code: "LEEDS", name: "Leeds", kind: "warehouse" },
    }),
  );
  return place.id;
}

async function makeChannel(place: string) {
  return must(
    await client.POST("/api/v1/company/channels", {
      body: {
        channel_code: "shop",
        name: "Shop",
        currency: "GBP",
        needs_payment: true,
        warehouses: [{ warehouse: place }],
      },
    }),
  );
}

async function makeWallet(): Promise<string> {
  const product = must(
    await client.POST("/api/v1/catalog/products", {
      body: {
        sku: "WALLET",
        name: "Wallet",
        unit: { unit_code: "pcs" },
        variants: [{ sku: "WALLET-BROWN" }],
      },
    }),
  );
  const variant = product.variants?.[0];
  assert.equal(variant?.sku, "WALLET-BROWN");
  must(
    await client.POST("/api/v1/catalog/products/{id}/activate", {
      params: { path: { id: product.id } },
    }),
  );
  return variant.id;
}

async function makeParty(name: string, kind: "is_customer" | "is_supplier") {
  return must(await client.POST("/api/v1/party/parties", { body: { name, [kind]: true } }));
}

async function receive(place: string, variant: string, quantity: string): Promise<void> {
  const supplier = await makeParty("Tannery", "is_supplier");
  const receipt = must(
    await client.POST("/api/v1/inventory/receipts", {
      body: {
        supplier: supplier.id,
        warehouse: place,
        lines: [{ variant, quantity, price: "4.20" }],
      },
    }),
  );
  const posted = must(
    await client.POST("/api/v1/inventory/receipts/{id}/post", {
      params: { path: { id: receipt.id } },
    }),
  );
  assert.equal(posted.record?.state, "posted");
}

async function available(variant: string): Promise<number> {
  const { items } = must(
    await client.GET("/api/v1/inventory/available-stocks", {
      params: { query: { filter: { variant }, fields: "free,reserved" } },
    }),
  );
  return items.reduce((sum, row) => sum + Number(row.free) - Number(row.reserved), 0);
}

async function pay(order: string, party: string, wanted: string): Promise<void> {
  const { items } = must(
    await client.GET("/api/v1/payments/methods", {
      params: { query: { filter: { method_code: "bank" } } },
    }),
  );
  assert.ok(items[0], "a new company takes bank transfers");
  const subject = { kind: "sales_order", id: order };
  const payment = must(
    await client.POST("/api/v1/payments/payments", {
      body: { party, method: items[0].id, subject, currency: "GBP", wanted },
    }),
  );
  must(
    await client.POST("/api/v1/payments/payments/{id}/receive", {
      params: { path: { id: payment.id } },
      body: { reference: "A1" },
    }),
  );
}

// An order takes its payment over in a job, a moment later.
async function until(id: string, holds: (order: Schemas["SalesOrder"]) => boolean) {
  for (let tries = 0; ; tries++) {
    const order = must(await client.GET(ORDER, { params: { path: { id } } }));
    if (holds(order)) return order;
    assert.ok(tries < 100, `the order stays ${order.state}, ${order.headline}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test("an order is placed, holds stock back, is paid and released", async () => {
  const place = await makeWarehouse();
  const channel = await makeChannel(place);
  const variant = await makeWallet();
  const customer = await makeParty("Blue Shop", "is_customer");
  await receive(place, variant, "10");
  assert.equal(await available(variant), 10);

  const draft = must(
    await client.POST("/api/v1/oms/orders", {
      body: {
        customer: customer.id,
        channel: channel.id,
        currency: "GBP",
        lines: [{ variant, quantity: "3", price: "25.00", is_price_fixed: true }],
      },
    }),
  );
  assert.equal(draft.state, "draft");
  const path = { id: draft.id };
  const placed = must(await client.POST(`${ORDER}/place`, { params: { path } }));
  assert.equal(placed.record?.state, "placed");
  assert.equal(placed.record?.headline, "pending_payment");
  assert.equal(await available(variant), 7);

  const due = placed.record?.due;
  assert.ok(due && Number(due) >= 75);

  await pay(draft.id, customer.id, due);
  const released = await until(draft.id, (order) => order.headline === "paid");
  assert.equal(released.state, "confirmed");
  assert.equal(Number(released.due), 0);

  const atOnce = must(
    await client.POST("/api/v1/oms/orders", {
      params: { query: { then: "place" } },
      body: {
        customer: customer.id,
        channel: channel.id,
        currency: "GBP",
        lines: [{ variant, quantity: "2", price: "25.00", is_price_fixed: true }],
      },
    }),
  );
  assert.equal(atOnce.state, "placed");
  assert.equal(await available(variant), 5);
});
