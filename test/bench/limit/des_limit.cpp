// The practical limit: the three workloads written by hand in C++ for these three shapes and nothing else, without
// policies, metrics per service, or keyed draws. `npm run bench` compiles it with g++ -O3 and says what share of it
// the whole engine reaches. Prints one line of JSON with the CPU seconds of the run.
//
// Usage: des_limit <lanes | pq> <mm1 | tandem | graph20> <requests> [seed]
//   lanes: a 4-ary heap, and a FIFO ring for each constant delay (a fixed delay is monotone, so a ring is its queue)
//   pq:    std::priority_queue for everything
// Times are in mean service times for mm1 and tandem, in seconds for graph20.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <queue>
#include <string>
#include <sys/resource.h>
#include <vector>

using u8 = uint8_t;
using u32 = uint32_t;
using u64 = uint64_t;

// Chris Doty-Humphrey's sfc32.
struct Random {
  u32 a = 0, b, c = 0x9e3779b9u, d = 1;
  explicit Random(u32 seed) : b(seed) {
    for (int i = 0; i < 15; i++) next();
  }
  inline u32 next() {
    const u32 t = a + b + d;
    d++;
    a = b ^ (b >> 9);
    b = c + (c << 3);
    c = ((c << 21) | (c >> 11)) + t;
    return t;
  }
  inline double exponential(double mean) { return -mean * std::log((next() + 0.5) * (1.0 / 4294967296.0)); }
};

// Latencies in 128 bins per power of two, read off the double's bits.
struct Latencies {
  static constexpr int OCTAVES = 44, PER_OCTAVE_BITS = 7, OFFSET = (1023 - 20) << PER_OCTAVE_BITS;
  static constexpr int BINS = OCTAVES << PER_OCTAVE_BITS;
  std::vector<u32> bins = std::vector<u32>(BINS);
  double sum = 0;
  u64 count = 0;
  inline void add(double x) {
    u64 bits;
    memcpy(&bits, &x, 8);
    int bin = (int)(bits >> (52 - PER_OCTAVE_BITS)) - OFFSET;
    if (bin < 0) bin = 0;
    if (bin >= BINS) bin = BINS - 1;
    bins[bin]++;
    sum += x;
    count++;
  }
};

// ── events ──────────────────────────────────────────────────────────────────────────────────────────────────────

enum : u8 { ARRIVAL, DEPARTURE, DONE, ARRIVE, RESPOND, TIMEOUT };

struct Event {
  double time;
  u32 sequence, slot;
};
static inline bool before(const Event& a, const Event& b) {
  return a.time < b.time || (a.time == b.time && a.sequence < b.sequence);
}

// What an event is about; a cancelled one is skipped when its time comes.
struct Slots {
  std::vector<u32> subject, unused;
  std::vector<u8> type, isCancelled;
  inline u32 take(u8 t, u32 s) {
    if (unused.empty()) {
      subject.push_back(s);
      type.push_back(t);
      isCancelled.push_back(0);
      return subject.size() - 1;
    }
    const u32 slot = unused.back();
    unused.pop_back();
    subject[slot] = s;
    type[slot] = t;
    isCancelled[slot] = 0;
    return slot;
  }
};

struct Later {
  bool operator()(const Event& a, const Event& b) const { return before(b, a); }
};
struct StandardQueue {
  std::priority_queue<Event, std::vector<Event>, Later> queue;
  inline void push(const Event& event) { queue.push(event); }
  inline bool empty() const { return queue.empty(); }
  inline const Event& top() const { return queue.top(); }
  inline void pop() { queue.pop(); }
};

struct FourAryHeap {
  std::vector<Event> heap;
  inline void push(const Event& event) {
    size_t i = heap.size();
    heap.push_back(event);
    while (i) {
      const size_t parent = (i - 1) / 4;
      if (!before(event, heap[parent])) break;
      heap[i] = heap[parent];
      i = parent;
    }
    heap[i] = event;
  }
  inline bool empty() const { return heap.empty(); }
  inline const Event& top() const { return heap[0]; }
  inline void pop() {
    const Event event = heap.back();
    heap.pop_back();
    const size_t size = heap.size();
    if (!size) return;
    size_t i = 0;
    for (;;) {
      const size_t first = i * 4 + 1;
      if (first >= size) break;
      const size_t end = first + 4 < size ? first + 4 : size;
      size_t least = first;
      for (size_t k = first + 1; k < end; k++)
        if (before(heap[k], heap[least])) least = k;
      if (!before(heap[least], event)) break;
      heap[i] = heap[least];
      i = least;
    }
    heap[i] = event;
  }
};

template <class T, u32 CAPACITY> struct Ring {
  std::vector<T> items = std::vector<T>(CAPACITY);
  u32 head = 0, tail = 0, mask = CAPACITY - 1;
  inline bool empty() const { return head == tail; }
  inline T& front() { return items[head & mask]; }
  inline void push(const T& item) {
    if (tail - head > mask) {
      std::vector<T> wider(items.size() * 2);
      u32 count = 0;
      for (u32 i = head; i != tail; i++) wider[count++] = items[i & mask];
      items.swap(wider);
      mask = items.size() - 1;
      head = 0;
      tail = count;
    }
    items[tail++ & mask] = item;
  }
  inline T pop() { return items[head++ & mask]; }
};

template <class Heap, bool HAS_LANES> struct Calendar {
  static constexpr int LANES = 4;
  Heap heap;
  Slots slots;
  Ring<Event, 1024> lanes[LANES];
  u32 sequence = 0;
  double now = 0;
  u64 fired = 0, cancelled = 0, timeouts = 0;
  inline u32 at(double time, u8 type, u32 subject) {
    const u32 slot = slots.take(type, subject);
    heap.push(Event{time, sequence++, slot});
    return slot;
  }
  // `lane` belongs to one constant delay.
  inline u32 after(int lane, double delay, u8 type, u32 subject) {
    if (!HAS_LANES) return at(now + delay, type, subject);
    const u32 slot = slots.take(type, subject);
    lanes[lane].push(Event{now + delay, sequence++, slot});
    return slot;
  }
  inline void cancel(u32 slot) {
    slots.isCancelled[slot] = 1;
    cancelled++;
  }
  inline bool next(u8& type, u32& subject) {
    for (;;) {
      int from = -1;
      Event event;
      if (!heap.empty()) {
        event = heap.top();
        from = LANES;
      }
      if (HAS_LANES)
        for (int l = 0; l < LANES; l++) {
          auto& lane = lanes[l];
          while (!lane.empty() && slots.isCancelled[lane.front().slot]) slots.unused.push_back(lane.pop().slot);
          if (!lane.empty() && (from < 0 || before(lane.front(), event))) {
            event = lane.front();
            from = l;
          }
        }
      if (from < 0) return false;
      if (from == LANES) heap.pop();
      else lanes[from].pop();
      const bool isCancelled = slots.isCancelled[event.slot];
      type = slots.type[event.slot];
      subject = slots.subject[event.slot];
      slots.unused.push_back(event.slot);
      if (isCancelled) continue;
      now = event.time;
      fired++;
      return true;
    }
  }
};

#include "workloads.hpp"

static double cpuSeconds() {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

// The most memory this program had resident. Not getrusage's, which a program inherits from whoever started it.
static double peakMb() {
  FILE* status = fopen("/proc/self/status", "r");
  long kilobytes = 0;
  char line[256];
  while (status && fgets(line, sizeof line, status))
    if (sscanf(line, "VmHWM: %ld", &kilobytes) == 1) break;
  if (status) fclose(status);
  return kilobytes / 1024.0;
}

template <class Queue> void run(const std::string& workload, u64 requests, u32 seed) {
  Queue calendar;
  Random random(seed);
  Latencies latencies;
  const double before = cpuSeconds();
  if (workload == "graph20") graph(calendar, random, latencies, requests);
  else tandem(calendar, random, latencies, requests, workload == "mm1" ? 1 : 3);
  const double after = cpuSeconds();
  const double serviceTime = workload == "graph20" ? GRAPH_SERVICE : 1;
  printf("{\"requests\":%llu,\"cpuSeconds\":%.6f,\"processCpuSeconds\":%.6f,\"meanServiceTimes\":%.6f,\"fired\":%llu,"
         "\"cancelled\":%llu,\"timeouts\":%llu,\"peakRssMb\":%.1f,\"idleRssMb\":0}\n",
         (unsigned long long)requests, after - before, after, latencies.sum / latencies.count / serviceTime,
         (unsigned long long)calendar.fired, (unsigned long long)calendar.cancelled,
         (unsigned long long)calendar.timeouts, peakMb());
}

int main(int count, char** words) {
  if (count < 4) {
    fprintf(stderr, "usage: des_limit <lanes | pq> <mm1 | tandem | graph20> <requests> [seed]\n");
    return 2;
  }
  const u64 requests = strtoull(words[3], nullptr, 10);
  const u32 seed = count > 4 ? atoi(words[4]) : 1;
  if (std::string(words[1]) == "pq") run<Calendar<StandardQueue, false>>(words[2], requests, seed);
  else run<Calendar<FourAryHeap, true>>(words[2], requests, seed);
}
