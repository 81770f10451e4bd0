// Keys that people write one level too deep or too high: a map that refuses them says where they belong.
import * as z from "zod";

/** Of a map: a hint for each key that belongs elsewhere. The schema must be the last of its chain of calls. */
export const elsewhere = z.registry<Readonly<Record<string, string>>>();
