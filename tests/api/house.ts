// house.ts - the client that openapi-typescript and openapi-fetch make of the API's description, signed in.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./generated/api.js";

export type Schemas = components["schemas"];

export function environment(name: string): string {
  const value = process.env[name];
  assert.ok(value, `${name} is not set; run.sh sets it`);
  return value;
}

export const company = environment("ENTREPOT_TENANT");

export const client = createClient<paths>({
  baseUrl: environment("ENTREPOT_URL"),
  querySerializer: { object: { style: "form", explode: true } },
});

export async function signIn(): Promise<void> {
  const { data, error } = await client.POST("/api/v1/auth/login", {
    params: { header: { "X-Tenant": company } },
    body: { login: environment("ENTREPOT_LOGIN"), password: environment("ENTREPOT_PASSWORD") },
  });
  const authorization = `Bearer ${must({ data, error }).access_token}`;
  client.use({
    onRequest({ request }) {
      request.headers.set("authorization", authorization);
      request.headers.set("x-tenant", company);
    },
  });
}

// What was answered; a refusal fails the test and says why.
export function must<T>(answer: { data?: T; error?: unknown }): T {
  assert.equal(answer.error, undefined, JSON.stringify(answer.error));
  assert.ok(answer.data);
  return answer.data;
}
