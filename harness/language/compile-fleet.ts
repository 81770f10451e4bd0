// The fleet of one variant: every service with all its versions, at its size.
import type { ServicePlan } from "../model/service-plan.ts";
import type { TeamPlan, VersionPlan } from "../model/release-plan.ts";
import { atPace, type AtPace } from "../schema/at-pace.ts";
import { callSchema } from "./call-schema.ts";
import type { CallPolicy } from "./compile-calls.ts";
import type { PacedScenario } from "./compile-load.ts";
import { compileAutoscaling } from "./compile-autoscaling.ts";
import { compileVersion, type ServiceVersion } from "./compile-service.ts";
import { Cursor } from "./cursor.ts";
import type { Edges } from "./edges.ts";
import { FleetNames } from "./fleet-names.ts";
import { completeCalls, completeService } from "./inherit.ts";
import { Names } from "./names.ts";
import { map, nodeAt, type MapNode, type Node, type Path } from "./node.ts";
import { parse } from "./parse.ts";
import { withContent } from "./pushed-content.ts";
import { remedyVersions, type RemedyVersion } from "./remedy-versions.ts";
import { replicasPerZone, sum } from "./replicas.ts";
import { serviceSchema } from "./service-schema.ts";
import type { WrittenTopology } from "./topology-schema.ts";
import type { Documents, Typed } from "./variant-source.ts";

export type PacedTopology = AtPace<WrittenTopology>;

/** Documented limits of a fleet. */
export const LIMITS = { services: 2000, instances: 20_000, versions: 200 } as const;

export interface Fleet {
  readonly names: FleetNames;
  readonly zones: Names;
  readonly versionNames: Names;
  /** At full size. */
  readonly services: readonly ServicePlan[];
  readonly versions: readonly VersionPlan[];
  readonly teams: readonly TeamPlan[];
  readonly networkMs: readonly (readonly number[])[];
  readonly defaultCall: CallPolicy;
  /** What remedies make of services; sizes at full size. */
  readonly remedies: readonly RemedyChange[];
  /** `cursors[service][variant]`: where each version of a service was written. */
  readonly cursors: readonly (readonly Cursor[])[];
}

/** What one remedy makes of one service: a variant of the remedy's name, another number of instances, or both. */
export interface RemedyChange {
  readonly remedy: string;
  readonly service: number;
  readonly isVariant: boolean;
  readonly replicasPerZone: readonly number[] | null;
}

export interface FleetSource {
  readonly topology: Typed<WrittenTopology>;
  /** The topology before calls were completed: versions change this. */
  readonly documents: Documents;
  readonly scenario: PacedScenario;
  readonly scenarioCursor: Cursor;
  readonly compress: number;
}

export function compileFleet(source: FleetSource, edges: Edges): Fleet {
  const { cursor } = source.topology;
  const topology = atPace(source.topology.written, source.compress);
  const zones = Names.listed("zone", topology.zones);
  if (zones.list.length < topology.zones.length) cursor.at("zones").error("bad-value", "a zone is listed twice");
  const released = versionsByService(source, topology);
  const remedied = versionsOfRemedies(source, released);
  const names = new FleetNames(
    new Map(Object.keys(topology.services).map((name) => [name, released.get(name)!.map(({ written }) => written)])),
  );
  const defaultCall = topology.defaults.call ?? atPace(callSchema.parse({}), source.compress);
  const services = names.services.list.map((name, service): ServicePlan => {
    const written = topology.services[name]!;
    const place = cursor.at("services", name);
    checkTeam(written.team, topology, place.at("team"));
    const replicas = replicasPerZone(written.replicas, zones, place.at("replicas"));
    return {
      name,
      team: written.team ?? null,
      replicasPerZone: replicas,
      ...compileAutoscaling(name, written.autoscaling, sum(replicas), place.at("autoscaling")),
      operations: names.operationsOf(service).list,
      variants: released.get(name)!.map((version) => compileVersion(version, { service, names, edges, defaultCall })),
    };
  });
  checkSize(services, cursor);
  const versionNames = Names.sorted("version", Object.keys(source.scenario.versions));
  return {
    names,
    zones,
    versionNames,
    services,
    versions: versionNames.list.map((name) => versionPlan(name, source.scenario, names, services)),
    teams: Object.keys(topology.teams)
      .sort()
      .map((name) => teamPlan(name, topology)),
    networkMs: networkOf(topology, zones, cursor.at("network")),
    defaultCall,
    remedies: remedied.map(({ remedy, service, hasReplicas, isVariant, version }) => ({
      remedy,
      service: names.services.indexOf(service),
      isVariant,
      replicasPerZone: hasReplicas
        ? replicasPerZone(version.written.replicas, zones, version.cursor.at("replicas"))
        : null,
    })),
    cursors: names.services.list.map((name) => released.get(name)!.map((version) => version.cursor)),
  };
}

/** The stable version of each service, then those of the scenario in order of their names. */
function versionsByService(source: FleetSource, topology: PacedTopology): Map<string, ServiceVersion[]> {
  const { cursor } = source.topology;
  const versions = new Map<string, ServiceVersion[]>();
  for (const [name, written] of Object.entries(topology.services)) {
    const place = cursor.at("services", name);
    if (written.work === undefined && written.operations === undefined && place.problems.isWhole)
      place.errorAtKey("missing-key", `the service \`${name}\` does nothing`, "give it `operations:` or `work:`");
    if (written.operations?.["work"] !== undefined && written.work !== undefined)
      place.at("work").error("bad-value", "`work:` and an operation named `work` exclude each other");
    versions.set(name, [{ version: "stable", written, cursor: place }]);
  }
  const services = Names.sorted("service", versions.keys());
  for (const name of Object.keys(source.scenario.versions).sort()) {
    const place = source.scenarioCursor.at("versions", name);
    const { service } = source.scenario.versions[name]!;
    if (name === "stable" || name === "new")
      place.errorAtKey("bad-name", `\`${name}\` has a meaning of its own in metrics`, "give the version another name");
    if (services.find(service, place.at("service")) === -1) continue;
    const version = changedService(name, service, ["versions", name, "changes"], source);
    if (version !== null) versions.get(service)!.push(version);
  }
  return versions;
}

/** The versions that remedies bring, after those that can be released: added to `versions` where they change more than the size. */
function versionsOfRemedies(
  source: FleetSource,
  versions: ReadonlyMap<string, ServiceVersion[]>,
): (RemedyVersion & { readonly version: ServiceVersion })[] {
  const services = Names.sorted("service", versions.keys());
  const { scenario, scenarioCursor, documents } = source;
  return remedyVersions(scenario, documents.scenario, scenarioCursor).flatMap((each) => {
    const { remedy, service, path, isVariant } = each;
    if (services.find(service, serviceCursor(each, scenarioCursor)) === -1) return [];
    const version = changedService(remedy, service, path, source);
    if (version === null) return [];
    if (isVariant) versions.get(service)!.push(version);
    return [{ ...each, version }];
  });
}

/** Where a remedy says which service it changes. */
function serviceCursor({ remedy, path }: RemedyVersion, cursor: Cursor): Cursor {
  return path.at(-1) === "changes" ? cursor.at("remedies", remedy, "service") : cursor.at(...path).key;
}

/** The service with the version's changes, typed; null where they do not fit the schema. */
function changedService(
  name: string,
  service: string,
  path: Path,
  { topology, documents, scenario, scenarioCursor, compress }: FleetSource,
): ServiceVersion | null {
  const base = completeService(documents.topology, nodeAt(documents.topology, ["services", service])!);
  const written = nodeAt(documents.scenario, path);
  const changes = written?.type === "map" ? written : null;
  const [family] = path;
  for (const key of family === "versions" ? ["replicas", "team", "autoscaling"] : ["team", "autoscaling"]) {
    if (changes?.entries.has(key) === true)
      scenarioCursor
        .at(...path, key)
        .errorAtKey(
          "bad-value",
          `a ${family === "versions" ? "version" : "remedy"} cannot change \`${key}\`: it belongs to the service`,
        );
  }
  const onBad = family === "versions" ? scenario.versions[name]!.onBad : undefined;
  const node = completeCalls(withContent(base, changes, onBad), nodeAt(documents.topology, ["defaults", "call"]));
  const cursor = new Cursor(rootedAt(name, node, topology.root), scenarioCursor.problems).at(name);
  const parsed = parse(serviceSchema, node, cursor);
  return parsed === null
    ? null
    : { version: name, written: atPace(parsed.written, compress), cursor: cursor.on(parsed.node) };
}

function rootedAt(name: string, node: Node, topology: MapNode): MapNode {
  return map([[name, { keyPlace: node.place, node }]], topology.place);
}

function versionPlan(
  name: string,
  scenario: PacedScenario,
  names: FleetNames,
  services: readonly ServicePlan[],
): VersionPlan {
  const written = scenario.versions[name]!;
  const service = names.services.indexOf(written.service);
  const variant = services[service]?.variants.findIndex((each) => each.version === name) ?? -1;
  const isHarmless = written.onBad === "keepLastGood" || (hasNoChanges(written) && !hurts(written));
  return {
    name,
    service,
    variant,
    isHarmless,
    ...(written.kind === "code" ? {} : { isPush: true as const }),
    // Whoever dies of its content dies of it as soon as it arrives.
    ...(written.onApply === "crash" || written.onBad === "crash" ? { onApply: "crash" as const } : {}),
  };
}

type WrittenVersion = PacedScenario["versions"][string];

function hasNoChanges({ changes }: WrittenVersion): boolean {
  return Object.keys(changes ?? {}).length === 0;
}

/** Whether instances suffer from its content itself. */
function hurts({ onBad }: WrittenVersion): boolean {
  return onBad === "crash" || onBad === "failClosed";
}

function teamPlan(name: string, topology: PacedTopology): TeamPlan {
  const { responders, acknowledge, diagnose } = topology.teams[name]!;
  return { name, responders, acknowledgeMs: acknowledge, diagnoseMs: diagnose };
}

function checkTeam(team: string | undefined, topology: PacedTopology, cursor: Cursor): void {
  if (team !== undefined) Names.sorted("team", Object.keys(topology.teams)).find(team, cursor);
}

function checkSize(services: readonly ServicePlan[], cursor: Cursor): void {
  if (services.length > LIMITS.services)
    cursor.at("services").error("over-limit", `${services.length} services are more than ${LIMITS.services}`);
  if (services.length === 0 && cursor.problems.isWhole)
    cursor.at("services").error("out-of-range", "the fleet needs at least one service");
  const instances = sum(services.map((service) => sum(service.replicasPerZone)));
  if (instances > LIMITS.instances)
    cursor.at("services").error("over-limit", `${instances} instances are more than ${LIMITS.instances}`);
}

/** One-way delays by zone index. */
function networkOf(topology: PacedTopology, zones: Names, cursor: Cursor): number[][] {
  const { sameZone, crossZone, links } = topology.network;
  const delays = zones.list.map((_, from) => zones.list.map((_, to) => (from === to ? sameZone : crossZone)));
  for (const [link, delayMs] of Object.entries(links)) {
    const place = cursor.at("links", link);
    const ends = link.split(/\s*<->\s*/);
    if (ends.length !== 2) {
      place.errorAtKey("bad-value", `\`${link}\` is not a link between two zones`, 'write `"a <-> b": 55ms`');
      continue;
    }
    const [from, to] = ends.map((zone) => zones.find(zone, place.key)) as [number, number];
    if (from === -1 || to === -1) continue;
    delays[from]![to] = delayMs;
    delays[to]![from] = delayMs;
  }
  return delays;
}
