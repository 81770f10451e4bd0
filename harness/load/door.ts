// Who of a load's people may act: remedies turn some of them away, or ask all of them to keep quiet. Who is turned away
// is decided by key, so that the people of 20 % are among those of 50 %.
import { hashText, unit } from "../core/key.ts";
import type { ClientOrder } from "../model/client-order.ts";
import { OK, REFUSED, SHED } from "../model/outcome.ts";

const READMISSION = hashText("load/door/readmission");
const SHARE = hashText("load/door/share");

interface Readmission {
  readonly fromMs: number;
  readonly overMs: number;
}

export class Door {
  readonly #high: number;
  readonly #low: number;
  /** By service: when its people are let in again. */
  readonly #readmissions = new Map<number, Readmission>();
  /** The share moves in a straight line between these. */
  #share = { fromMs: 0, from: 1, toMs: 0, to: 1 };
  #quietUntilMs = -Infinity;

  constructor(load: string, seed: number) {
    this.#high = seed | 0;
    this.#low = hashText(`load/${load}/door`);
  }

  obey(nowMs: number, order: ClientOrder): void {
    switch (order.do) {
      case "disconnect":
        this.#readmissions.set(order.service, { fromMs: order.readmitFromMs, overMs: order.readmitOverMs });
        return;
      case "admit":
        this.#share = { fromMs: nowMs, from: this.#shareAt(nowMs), toMs: nowMs + order.overMs, to: order.share };
        return;
      case "pause":
        this.#quietUntilMs = order.untilMs;
    }
  }

  /** Whether all of them keep quiet. */
  isQuiet(nowMs: number): boolean {
    return nowMs < this.#quietUntilMs;
  }

  /** How a request of this user to the service ends at the door: REFUSED by a firewall, SHED by a limit, or OK: it may pass. */
  judge(nowMs: number, user: number, service: number): number {
    const readmission = this.#readmissions.get(service);
    if (readmission !== undefined) {
      const turnMs = readmission.fromMs + readmission.overMs * this.#draw(user, READMISSION);
      if (nowMs < turnMs) return REFUSED;
    }
    return this.#draw(user, SHARE) < this.#shareAt(nowMs) ? OK : SHED;
  }

  #shareAt(nowMs: number): number {
    const { fromMs, from, toMs, to } = this.#share;
    if (nowMs >= toMs) return to;
    return from + ((to - from) * (nowMs - fromMs)) / (toMs - fromMs);
  }

  #draw(user: number, purpose: number): number {
    return unit(this.#high, this.#low ^ user, purpose);
  }
}
