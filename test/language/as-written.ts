// Options that leave everything as the files say it.
import type { LoadOptions } from "../../harness/language/load-study.ts";

export const asWritten: LoadOptions = {
  vars: {},
  seed: null,
  strategies: null,
  engine: "sim",
  size: null,
  strict: false,
};
