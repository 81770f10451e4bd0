// What a remedy asks of the people of loads: the control plane says it, the actors of loads carry it out.

/** Times are run time. */
export type ClientOrder =
  /** Every connection to the service is cut. Who comes back is refused until it is their turn: some time of the span after `readmitFromMs`. */
  | {
      readonly do: "disconnect";
      readonly service: number;
      readonly readmitFromMs: number;
      readonly readmitOverMs: number;
    }
  /** From now on only this share of a load's people is let in; it is reached in a straight line over `overMs`. The rest is shed. */
  | { readonly do: "admit"; readonly load: number; readonly share: number; readonly overMs: number }
  /** Nobody of the load asks for anything until then. */
  | { readonly do: "pause"; readonly load: number; readonly untilMs: number };
