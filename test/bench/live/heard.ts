// The reports of a process of the fleet, for a script that waits for one after the other.
import type { ControlChannel } from "../../../harness/wire/control-channel.ts";
import type { Command, Report } from "../../../harness/wire/control-message.ts";

type Kind = Report["report"];
type Of<K extends Kind> = Extract<Report, { report: K }>;

export class Heard {
  readonly all: Report[] = [];
  #look = (): void => {};

  constructor(channel: ControlChannel<Command, Report>) {
    channel.onMessage((report) => {
      this.all.push(report);
      this.#look();
    });
  }

  /** The first report of this kind that is as wanted, whether it came already or comes yet. */
  first<K extends Kind>(kind: K, isWanted: (report: Of<K>) => boolean = () => true): Promise<Of<K>> {
    return new Promise((resolve) => {
      this.#look = () => {
        const found = this.all.find((report): report is Of<K> => report.report === kind && isWanted(report as Of<K>));
        if (found !== undefined) resolve(found);
      };
      this.#look();
    });
  }
}
