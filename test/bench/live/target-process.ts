// A server that does as little as Node can: everybody's target where clients are compared. Notes when requests arrive,
// and tells with GET /arrivals. Prints its port, and ends when its input does.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { OUTCOME } from "../../../harness/wire/headers.ts";

const LARGEST = 1_000_000;
const arrivals = new Float64Array(LARGEST);
let count = 0;

const HEADERS = { [OUTCOME]: "0 0 -1 0 -1 0", "content-type": "application/json", "content-length": "2" };

const server = createServer((request, response) => {
  if (request.url === "/arrivals") {
    response.end(JSON.stringify([...arrivals.subarray(0, count)]));
    count = 0;
    return;
  }
  if (count < LARGEST) arrivals[count++] = performance.now();
  response.writeHead(200, HEADERS);
  response.end("{}");
});
server.keepAliveTimeout = 0;
server.headersTimeout = 0;
server.listen(0, "127.0.0.1", () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
