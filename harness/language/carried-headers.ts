// The headers that the loads of a scenario send, each with its bit, and the faults that ask for them.
import { HEADER_LIMIT, type HeaderPlan } from "../model/header.ts";
import type { Cursor } from "./cursor.ts";

export class CarriedHeaders {
  readonly list: HeaderPlan[] = [];

  /** A load sends these. Returns their bits; 0 where there are none. */
  send(headers: Readonly<Record<string, string>>, cursor: Cursor): number {
    let bits = 0;
    for (const [name, value] of Object.entries(headers)) {
      const known = this.#indexOf(name, value);
      const index = known >= 0 ? known : this.list.push({ name: name.toLowerCase(), value }) - 1;
      if (index === HEADER_LIMIT)
        cursor.error("over-limit", `the loads may send at most ${HEADER_LIMIT} different headers`);
      bits |= 1 << index;
    }
    return bits;
  }

  /** A fault asks for these, all of them. */
  find(headers: Readonly<Record<string, string>>, cursor: Cursor): number {
    let bits = 0;
    for (const [name, value] of Object.entries(headers)) {
      const index = this.#indexOf(name, value);
      if (index < 0)
        cursor
          .at(name)
          .error(
            "no-effect",
            `no load sends the header \`${name}: ${value}\``,
            "name it under `headers` of a load: calls carry it along",
          );
      else bits |= 1 << index;
    }
    return bits;
  }

  #indexOf(name: string, value: string): number {
    return this.list.findIndex((each) => each.name === name.toLowerCase() && each.value === value);
  }
}
