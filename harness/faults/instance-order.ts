// What an instance itself is told to do by a fault; both engines carry it to the instance's actor.
export type InstanceOrder =
  /** Its memory loses so much more by the millisecond; 0 = no more, what is lost stays lost until it starts again. */
  | { readonly do: "leak"; readonly bytesPerMs: number }
  /** Its cache is empty. */
  | { readonly do: "flush" }
  /** It takes at most so many connections, or (null) as many as it takes by itself. */
  | { readonly do: "limitConnections"; readonly most: number | null };
