// What is probably not what was meant: looked for only where there is no error.
import type { CompiledVariant } from "./compile-plan.ts";
import type { Problems } from "./problems.ts";
import type { VariantSource } from "./variant-source.ts";

export interface JudgedVariant extends CompiledVariant {
  readonly source: VariantSource;
}

export function warn(_variants: readonly JudgedVariant[], _problems: Problems): void {}
