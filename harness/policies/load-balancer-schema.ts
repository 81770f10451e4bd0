// Written `loadBalancer`; the output is a LoadBalancerPlan, and the panic threshold of outlier detection.
import * as z from "zod";
import { count } from "../schema/count.ts";
import { ratio } from "../schema/ratio.ts";
import type { IssueParams } from "../schema/written.ts";
import { slowStartSchema } from "./slow-start.ts";
import { zoneSchema } from "./zone-routing.ts";

export const loadBalancerSchema = z
  .strictObject({
    policy: z
      .enum(["roundRobin", "leastRequest", "random", "ringHash", "pickFirst"])
      .default("roundRobin")
      .describe(
        "roundRobin: one after the other; leastRequest: the least busy of a few drawn at random, as Envoy; random: one " +
          "drawn at random; ringHash: the one whose place on a ring follows the user's, the same from every caller; " +
          "pickFirst: the first of the list, until the connection to it breaks, as gRPC.",
      ),
    choiceCount: count(1).prefault(2).describe("How many leastRequest draws. Envoy: 2."),
    minimumRingSize: count(1)
      .prefault(1024)
      .describe("ringHash: the endpoints have at least so many places together, each the same number. Envoy: 1024."),
    shuffleAddressList: z
      .boolean()
      .default(false)
      .describe("pickFirst: every caller has the list in an order of its own. gRPC: off."),
    panicThreshold: ratio()
      .prefault("50%")
      .describe(
        "With fewer of the endpoints left than this, all are used, ejected or not: it needs `outlierDetection` or `failureAccrual`; 0% = " +
          "never. Envoy: 50%.",
      ),
    zone: zoneSchema,
    slowStart: slowStartSchema,
  })
  .superRefine(({ policy, slowStart }, context) => {
    if (slowStart === undefined || policy === "roundRobin" || policy === "leastRequest") return;
    const params: IssueParams = { code: "bad-value", hint: "as in Envoy, it works with roundRobin and leastRequest" };
    context.addIssue({ code: "custom", path: ["slowStart"], message: `${policy} knows no slow start`, params });
  })
  .transform(({ policy, choiceCount, minimumRingSize, shuffleAddressList, panicThreshold, zone, slowStart }) => ({
    policy,
    choiceCount,
    panicThreshold,
    ...(policy === "ringHash" && { minimumRingSize }),
    ...(policy === "pickFirst" && shuffleAddressList && { shuffleAddressList }),
    ...(zone !== undefined && { zone }),
    ...(slowStart !== undefined && { slowStart }),
  }))
  .describe("Spreads attempts over the callee's endpoints.");
