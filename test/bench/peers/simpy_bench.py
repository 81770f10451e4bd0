# SimPy as its documentation writes such models: a process per request, a resource per queue. Measures mm1, tandem and
# graph20 with Debian's python3-simpy3. Usage: python3 simpy_bench.py <mm1 | tandem | graph20> <requests>
import json
import random
import sys
import time

import simpy

workload = sys.argv[1]
requests = int(sys.argv[2])
exponential = random.Random(1).expovariate
env = simpy.Environment()
ended = 0
sojourn = 0.0
timeouts = 0


def line(places):
    servers = [simpy.Resource(env, 1) for _ in range(places)]

    def customer():
        global ended, sojourn
        since = env.now
        for server in servers:
            with server.request() as turn:
                yield turn
                yield env.timeout(exponential(1.0))
        ended += 1
        sojourn += env.now - since

    def source():
        for _ in range(requests):
            yield env.timeout(exponential(0.8))
            env.process(customer())

    return source


def graph():
    callees = {0: [1, 2, 3], 1: range(4, 9), 2: range(9, 14), 3: range(14, 20)}
    workers = [simpy.Resource(env, 8) for _ in range(20)]
    network = 0.0005

    def handle(service):
        with workers[service].request() as turn:
            yield turn
            yield env.timeout(exponential(100.0))
        if service in callees:
            limit = 0.5 if service == 0 else 0.25
            yield env.all_of([env.process(call(callee, limit)) for callee in callees[service]])

    def remote(service):
        yield env.timeout(network)
        yield env.process(handle(service))
        yield env.timeout(network)

    def call(service, limit):
        global timeouts
        answer = env.process(remote(service))
        first = yield answer | env.timeout(limit)
        if answer not in first:
            timeouts += 1

    def user():
        global ended, sojourn, timeouts
        since = env.now
        answer = env.process(handle(0))
        first = yield answer | env.timeout(1.0)
        if answer not in first:
            timeouts += 1
            return
        ended += 1
        sojourn += (env.now - since) / 0.01

    def source():
        for _ in range(requests):
            yield env.timeout(exponential(560.0))
            env.process(user())

    return source


def peak_mb():
    # Not getrusage's, which a program inherits from whoever started it.
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


env.process((graph() if workload == "graph20" else line(1 if workload == "mm1" else 3))())
idle_mb = peak_mb()
before = time.process_time()
env.run()
after = time.process_time()
print(json.dumps({
    "requests": ended,
    "cpuSeconds": after - before,
    "processCpuSeconds": after,
    "meanServiceTimes": sojourn / ended,
    "timeouts": timeouts,
    "peakRssMb": peak_mb(),
    "idleRssMb": idle_mb,
}))
