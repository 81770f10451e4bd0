// Whether the trigger is there: what the verdict counts mitigation and recovery from.
// A trigger acts by arriving and by being there; it is gone when neither goes on (docs: verdict, "Trigger").

export type TriggerState = "began" | "gone" | "returned";

type Watch = { readonly is: "waiting" } | { readonly is: "present" } | { readonly is: "gone" };

export class TriggerWatch {
  readonly #tell: (state: TriggerState) => void;
  #watch: Watch = { is: "waiting" };

  constructor(tell: (state: TriggerState) => void) {
    this.#tell = tell;
  }

  /** Something of the trigger acts, be it only for an instant. */
  act(): void {
    if (this.#watch.is === "present") return;
    this.#tell(this.#watch.is === "waiting" ? "began" : "returned");
    this.#watch = { is: "present" };
  }

  /** After everything that happened at an instant: whether any part of the trigger goes on. */
  settle(isPresent: boolean): void {
    if (isPresent) this.act();
    else if (this.#watch.is === "present") {
      this.#tell("gone");
      this.#watch = { is: "gone" };
    }
  }
}
