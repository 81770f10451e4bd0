// `--check-determinism`: every plan of the studies simulated twice, and compared byte for byte.
import { EXIT } from "../core/codes.ts";
import type { Study } from "../model/plan.ts";
import { checkDeterminism } from "../study/check-determinism.ts";
import { memoryStore } from "../study/recording-store.ts";
import { breath } from "./breath.ts";
import { engineFor } from "./engines.ts";
import type { ExitCode } from "./exit.ts";
import type { Interruption } from "./interruption.ts";
import { problemsText } from "./problem-text.ts";

/** One line per plan on stdout; what differs on stderr. */
export async function determinism(studies: readonly Study[], interruption: Interruption): Promise<ExitCode> {
  const sim = await engineFor("sim", "process");
  const options = { signal: interruption.signal, breathe: breath() };
  let code: ExitCode = EXIT.passed;
  for (const { scenario, variants } of studies) {
    for (const { plan } of variants) {
      const name = plan.strategy === null ? scenario : `${scenario}: ${plan.strategy}`;
      const checked = await checkDeterminism(plan, sim, memoryStore(), options);
      if (interruption.code !== null) return interruption.code;
      if ("digest" in checked) {
        process.stdout.write(`${name} is the same twice, seed ${plan.seed}, sha256 ${checked.digest}\n`);
        continue;
      }
      code = EXIT.nondeterministic;
      const message = `${name} differs between two runs of seed ${plan.seed}: ${checked.first}`;
      process.stderr.write(
        problemsText([
          {
            code: "nondeterministic",
            severity: "error",
            message,
            hint: "this is a bug; please report it with the scenario",
            place: null,
          },
        ]),
      );
    }
  }
  return code;
}
