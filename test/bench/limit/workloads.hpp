// The workloads of des_limit.cpp, each as one hand-written loop over its events.
#pragma once

// One queue, or several in a row, each with one worker: rate 0.8, service Exp(1).
template <class Queue>
void tandem(Queue& calendar, Random& random, Latencies& latencies, u64 requests, int queues) {
  const double RATE = 0.8;
  std::vector<double> start;
  std::vector<u8> place;
  std::vector<u32> unused;
  Ring<u32, 64> waiting[3];
  bool isBusy[3] = {};
  u64 arrived = 0;
  u8 type;
  u32 subject;
  auto enter = [&](u32 request) {
    const int at = place[request];
    if (isBusy[at]) return waiting[at].push(request);
    isBusy[at] = true;
    calendar.at(calendar.now + random.exponential(1), DEPARTURE, request);
  };
  calendar.at(random.exponential(1 / RATE), ARRIVAL, 0);
  while (calendar.next(type, subject)) {
    if (type == ARRIVAL) {
      u32 request;
      if (unused.empty()) {
        request = start.size();
        start.push_back(0);
        place.push_back(0);
      } else {
        request = unused.back();
        unused.pop_back();
      }
      start[request] = calendar.now;
      place[request] = 0;
      if (++arrived < requests) calendar.at(calendar.now + random.exponential(1 / RATE), ARRIVAL, 0);
      enter(request);
      continue;
    }
    const int at = place[subject];
    if (waiting[at].empty()) isBusy[at] = false;
    else calendar.at(calendar.now + random.exponential(1), DEPARTURE, waiting[at].pop());
    if (at + 1 < queues) {
      place[subject] = at + 1;
      enter(subject);
    } else {
      latencies.add(calendar.now - start[subject]);
      unused.push_back(subject);
    }
  }
}

const double GRAPH_SERVICE = 0.010;

// A gateway, three services behind it and sixteen leaves behind those; workers are given back before the calls.
template <class Queue> void graph(Queue& calendar, Random& random, Latencies& latencies, u64 requests) {
  const int SERVICES = 20, WORKERS = 8, NETWORK_LANE = 3;
  const double NETWORK = 0.0005, RATE = 560, TIMEOUTS[3] = {1.0, 0.5, 0.25};
  int firstCallee[SERVICES] = {1, 4, 9, 14}, endCallee[SERVICES] = {4, 9, 14, 20};
  int busy[SERVICES] = {};
  Ring<u32, 64> waiting[SERVICES];
  std::vector<double> start;
  std::vector<int32_t> caller;
  std::vector<u8> service, isAbandoned;
  std::vector<u32> pending, timer, unused;
  auto make = [&](int at, int from) -> u32 {
    u32 request;
    if (unused.empty()) {
      request = start.size();
      start.push_back(0);
      caller.push_back(0);
      service.push_back(0);
      isAbandoned.push_back(0);
      pending.push_back(0);
      timer.push_back(0);
    } else {
      request = unused.back();
      unused.pop_back();
    }
    start[request] = calendar.now;
    caller[request] = from;
    service[request] = at;
    isAbandoned[request] = 0;
    pending[request] = 0;
    return request;
  };
  auto enter = [&](u32 request) {
    const int at = service[request];
    if (busy[at] >= WORKERS) return waiting[at].push(request);
    busy[at]++;
    calendar.at(calendar.now + random.exponential(GRAPH_SERVICE), DONE, request);
  };
  auto respond = [&](u32 request) {
    if (caller[request] >= 0) {
      calendar.after(NETWORK_LANE, NETWORK, RESPOND, request);
      return;
    }
    if (!isAbandoned[request]) {
      calendar.cancel(timer[request]);
      latencies.add(calendar.now - start[request]);
    }
    unused.push_back(request);
  };
  u64 arrived = 0;
  u8 type;
  u32 subject;
  calendar.at(random.exponential(1 / RATE), ARRIVAL, 0);
  while (calendar.next(type, subject)) {
    switch (type) {
    case ARRIVAL: {
      if (++arrived < requests) calendar.at(calendar.now + random.exponential(1 / RATE), ARRIVAL, 0);
      const u32 request = make(0, -1);
      timer[request] = calendar.after(0, TIMEOUTS[0], TIMEOUT, request);
      enter(request);
      break;
    }
    case DONE: {
      const int at = service[subject];
      if (waiting[at].empty()) busy[at]--;
      else calendar.at(calendar.now + random.exponential(GRAPH_SERVICE), DONE, waiting[at].pop());
      if (firstCallee[at] == endCallee[at]) {
        respond(subject);
        break;
      }
      pending[subject] = endCallee[at] - firstCallee[at];
      const int lane = at == 0 ? 1 : 2;
      for (int callee = firstCallee[at]; callee < endCallee[at]; callee++) {
        const u32 request = make(callee, (int)subject);
        timer[request] = calendar.after(lane, TIMEOUTS[lane], TIMEOUT, request);
        calendar.after(NETWORK_LANE, NETWORK, ARRIVE, request);
      }
      break;
    }
    case ARRIVE:
      enter(subject);
      break;
    case RESPOND: {
      if (!isAbandoned[subject]) {
        calendar.cancel(timer[subject]);
        const u32 request = caller[subject];
        if (--pending[request] == 0) respond(request);
      }
      unused.push_back(subject);
      break;
    }
    case TIMEOUT: {
      isAbandoned[subject] = 1;
      calendar.timeouts++;
      if (caller[subject] >= 0 && --pending[caller[subject]] == 0) respond(caller[subject]);
      break;
    }
    }
  }
}
