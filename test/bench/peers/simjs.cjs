// simjs: an entity as the source, a facility per queue. Measures mm1 and tandem. Usage: node simjs.cjs <mm1 | tandem> <requests>
// The package is a browser bundle that hangs itself on `window`, and leaves its generator of random numbers out.
global.window = global;
const { Sim, Entity, Facility } = [require("simjs"), global.Sim][1];

const [workload, count] = process.argv.slice(2);
const requests = Number(count);
const exponential = (rate) => -Math.log(1 - Math.random()) / rate;
const facilities = Array.from({ length: workload === "mm1" ? 1 : 3 }, (_, index) => new Facility(`facility ${index}`));
let started = 0;
let ended = 0;
let sojourn = 0;

class Source extends Entity {
  start() {
    this.next();
  }

  next() {
    if (started++ >= requests) return;
    this.setTimer(exponential(0.8)).done(() => {
      this.visit(0, this.time());
      this.next();
    });
  }

  visit(index, since) {
    this.useFacility(facilities[index], exponential(1)).done(() => {
      if (index + 1 < facilities.length) return this.visit(index + 1, since);
      ended++;
      sojourn += this.time() - since;
    });
  }
}

const sim = new Sim();
sim.addEntity(Source);
const idleRssMb = process.memoryUsage.rss() / 2 ** 20;
const before = process.cpuUsage();
sim.simulate(1e12, 1e12);
const run = process.cpuUsage(before);
const whole = process.cpuUsage();
console.log(
  JSON.stringify({
    requests: ended,
    cpuSeconds: (run.user + run.system) / 1e6,
    processCpuSeconds: (whole.user + whole.system) / 1e6,
    meanServiceTimes: sojourn / ended,
    peakRssMb: process.resourceUsage().maxRSS / 1024,
    idleRssMb,
  }),
);
