// Requests fail at once with an error status.
import { count } from "../schema/count.ts";
import { fault } from "./fault.ts";

export const error = fault({
  about: "Answers requests at once with an error status, in place of handling (or sending) them.",
  level: "request",
  targets: ["service", "operation", "instance", "edge"],
  attributes: {
    status: count(400)
      .refine((status) => status <= 599, {
        message: "an error status lies between 400 and 599",
        params: { code: "out-of-range", hint: null },
      })
      .prefault(500)
      .describe("The HTTP status of the answer."),
  },
  disturb: ({ status }) => [{ on: "request", do: "answer", status }],
});
