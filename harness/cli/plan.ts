// `firebreak plan`: what would run, before it runs.
import { Command } from "commander";
import { EXIT } from "../core/codes.ts";
import type { ExitCode } from "./exit.ts";
import { withStudyOptions } from "./study-options.ts";
import type { StudyOptions } from "./study-options.ts";

export function planCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command("plan")
    .description("print what would run, and how busy each service will be")
    .argument("<files...>", "scenario files or globs");
  return withStudyOptions(command).action(async (files: string[], options: StudyOptions) => {
    const { loadAt, loadStudies } = await import("./load-studies.ts");
    const { lineWidth } = await import("../../reports/line-width.ts");
    const { planText } = await import("./plan-text.ts");
    const { planHash } = await import("../recording/plan-hash.ts");
    const { refuseWhatCannotRun } = await import("./live-refusal.ts");
    const studies = await loadStudies(files, options);
    const columns = lineWidth(process.stdout.isTTY ? process.stdout.columns : undefined);
    const texts = studies.map((study) => {
      const { scale, compress } = study.variants[0]!.plan;
      const real = scale === 1 && compress === 1 ? null : loadAt(study.file, options, { scale: 1, compress: 1 }).study;
      return planText(study, { real, engine: options.engine, hashOf: planHash, columns });
    });
    process.stdout.write(texts.join("\n"));
    if (options.engine === "live") refuseWhatCannotRun(studies, options.strict);
    finish(EXIT.passed);
  });
}
