import { Duplex, duplexPair } from "node:stream";
import { expect, test } from "vitest";
import { channelPair, pipeChannel } from "../../harness/wire/control-channel.ts";

interface Note {
  readonly text: string;
}

test("messages arrive whole and in order however the pipe cuts them", async () => {
  const [raw, theirs] = duplexPair();
  const received: string[] = [];
  const channel = pipeChannel<Note, Note>(theirs);
  channel.onMessage(({ text }) => received.push(text));
  const bytes = Buffer.from(['{"text":"eins"}', '{"text":"zwei\\nä😀"}', '{"text":"drei"}', ""].join("\n"));
  for (const byte of bytes) raw.write(Buffer.of(byte));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(received).toEqual(["eins", "zwei\nä😀", "drei"]);
});

test("what comes before anyone listens is kept", async () => {
  const [one, other] = duplexPair();
  const sender = pipeChannel<Note, Note>(one);
  const receiver = pipeChannel<Note, Note>(other);
  sender.send({ text: "early" });
  await new Promise((resolve) => setTimeout(resolve, 20));
  const received: string[] = [];
  receiver.onMessage(({ text }) => received.push(text));
  expect(received).toEqual(["early"]);
});

test("a broken pipe is an end and not an error", async () => {
  const pipe = new Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done() });
  const channel = pipeChannel<Note, Note>(pipe);
  let closes = 0;
  channel.onClose(() => closes++);
  pipe.destroy(new Error("ECONNRESET"));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(closes).toBe(1);
  channel.send({ text: "to nobody" });
});

test("within one process messages are copies and arrive later", async () => {
  const [one, other] = channelPair<Note, Note>();
  const received: Note[] = [];
  other.onMessage((note) => received.push(note));
  const sent = { text: "hello" };
  one.send(sent);
  expect(received).toEqual([]);
  await Promise.resolve();
  expect(received).toEqual([sent]);
  expect(received[0]).not.toBe(sent);
});
