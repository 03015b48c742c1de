// The client that openapi-typescript and openapi-fetch make of the API's description, at work. What is
// written here compiles only if the description has it, and passes only if the program does what it says.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { client, environment, must, signIn, type Schemas } from "./house.js";

before(signIn);

async function makeCustomer(name: string): Promise<{ customer: Schemas["Party"]; etag: string }> {
  const body: Schemas["PartyNew"] = { name, is_customer: true };
  const answer = await client.POST("/api/v1/party/parties", { body });
  assert.equal(answer.response.status, 201);
  return { customer: must(answer), etag: answer.response.headers.get("etag") ?? "" };
}

test("a wrong password is refused with a code", async () => {
  const { error, response } = await client.POST("/api/v1/auth/login", {
    body: { login: environment("ENTREPOT_LOGIN"), password: "wrong" },
  });
  assert.ok(response.status === 401 || response.status === 403);
  assert.ok(error?.code);
});

test("a customer is made, found in the list and read again", async () => {
  const { customer } = await makeCustomer("Blue Shop");
  const { data: list } = await client.GET("/api/v1/party/parties", {
    params: { query: { filter: { "name[starts]": "blue" }, limit: 5 } },
  });
  assert.deepEqual(list?.items.map((item) => item.id), [customer.id]);
  const { data: read } = await client.GET("/api/v1/party/parties/{id}", {
    params: { path: { id: customer.id } },
  });
  assert.equal(read?.name, "Blue Shop");
});

test("two who change one record: the second is told", async () => {
  const { customer, etag } = await makeCustomer("Red Shop");
  const change = (name: string) =>
    client.PATCH("/api/v1/party/parties/{id}", {
      params: { path: { id: customer.id }, header: { "If-Match": etag } },
      body: { name },
    });
  assert.equal((await change("Red Shop Ltd")).data?.version, customer.version + 1);
  assert.equal((await change("Red Shop GmbH")).response.status, 412);
});

test("the same request sent twice is done once", async () => {
  const send = () =>
    client.POST("/api/v1/party/parties", {
      params: { header: { "Idempotency-Key": "green-1" } },
      body: { name: "Green Shop", is_customer: true },
    });
  const first = await send();
  const second = await send();
  assert.equal(first.response.status, 201);
  assert.equal(second.data?.id, first.data?.id);
});

test("what is missing is named by its path", async () => {
  const { error, response } = await client.POST("/api/v1/party/parties", {
    body: {} as Schemas["PartyNew"],
  });
  assert.equal(response.status, 422);
  assert.ok(error?.problems?.some((problem) => problem.path === "name"));
});
