// simscript: an entity per request, a queue with a capacity per server, in its faster idiom without `await` where an
// entity can go on at once (as in its own mmc sample). Measures mm1 and tandem. Usage: node simscript.cjs <mm1 | tandem> <requests>
// The package is meant for a page: it wants style sheets, animation frames and a document.
require.extensions[".css"] = (module) => {
  module.exports = {};
};
Object.assign(global, { window: global, document: {}, HTMLElement: Object, requestAnimationFrame: setImmediate });
const { Simulation, Entity, Queue, Exponential } = require("simscript");

const [workload, count] = process.argv.slice(2);
const places = workload === "mm1" ? 1 : 3;
let ended = 0;
let sojourn = 0;

class Line extends Simulation {
  constructor() {
    super();
    this.waiting = Array.from({ length: places }, (_, index) => new Queue(`waiting ${index}`));
    this.servers = Array.from({ length: places }, (_, index) => new Queue(`server ${index}`, 1));
    this.service = new Exponential(1);
  }

  onStarting() {
    super.onStarting();
    this.generateEntities(Customer, new Exponential(1 / 0.8), Number(count));
  }

  onFinished() {
    super.onFinished();
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
    process.exit(0);
  }
}

class Customer extends Entity {
  async script() {
    const sim = this.simulation;
    const since = sim.timeNow;
    for (let index = 0; index < places; index++) {
      const waiting = sim.waiting[index];
      const server = sim.servers[index];
      if (waiting.canEnter()) this.enterQueueImmediately(waiting);
      else await this.enterQueue(waiting);
      if (server.canEnter()) this.enterQueueImmediately(server);
      else await this.enterQueue(server);
      this.leaveQueue(waiting);
      await this.delay(sim.service.sample());
      this.leaveQueue(server);
    }
    ended++;
    sojourn += sim.timeNow - since;
  }
}

const line = new Line();
const idleRssMb = process.memoryUsage.rss() / 2 ** 20;
const before = process.cpuUsage();
void line.start(true);
