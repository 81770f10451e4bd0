// The JSON Schema (draft-7) of both files, for editors: generated from the schemas that read them.
import * as z from "zod";
import { scenarioSchema } from "./scenario-schema.ts";
import { topologySchema } from "./topology-schema.ts";

export type InputFile = "topology" | "scenario";

/** `x-time` tells request time from control time, `x-later` marks what is refused today. */
export function jsonSchema(file: InputFile): z.core.JSONSchema.BaseSchema {
  const schema = file === "topology" ? topologySchema : scenarioSchema;
  return z.toJSONSchema(schema, { target: "draft-7", io: "input" });
}
