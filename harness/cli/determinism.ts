// `--check-determinism`: every plan of the studies simulated twice, and compared byte for byte.
import { EXIT } from "../core/codes.ts";
import type { Engine } from "../engine/engine.ts";
import type { Study } from "../model/plan.ts";
import { checkDeterminism } from "../study/check-determinism.ts";
import type { ExitCode } from "./exit.ts";
import type { Interruption } from "./interruption.ts";
import { problemsText } from "./problem-text.ts";

/** Where lines go: a process has both. */
interface Output {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** One line per plan on stdout; what differs on stderr. */
export async function determinism(
  studies: readonly Study[],
  sim: Engine,
  interruption: Pick<Interruption, "signal" | "code">,
  { stdout, stderr }: Output,
): Promise<ExitCode> {
  let code: ExitCode = EXIT.passed;
  for (const { scenario, variants } of studies) {
    for (const { plan } of variants) {
      const name = plan.strategy === null ? scenario : `${scenario}: ${plan.strategy}`;
      const checked = await checkDeterminism(plan, sim, interruption.signal);
      if (interruption.code !== null) return interruption.code;
      if ("digest" in checked) {
        stdout.write(`${name} is the same twice, seed ${plan.seed}, sha256 ${checked.digest}\n`);
        continue;
      }
      code = EXIT.nondeterministic;
      const message = `${name} differs between two runs of seed ${plan.seed}: ${checked.first}`;
      stderr.write(
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
