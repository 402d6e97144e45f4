// Where the training runs, so that the page stays free.
import type { Command, Report } from './protocol.ts';
import { Session } from './session.ts';

const scope = globalThis as unknown as {
  postMessage(report: Report, memory: ArrayBuffer[]): void;
  onmessage: (event: MessageEvent<Command>) => void;
};

/** Timers wait at least some milliseconds when they follow each other; a channel does not. */
const channel = new MessageChannel();
const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    channel.port1.onmessage = () => resolve();
    channel.port2.postMessage(0);
  });

const session = new Session((report, memory) => scope.postMessage(report, memory), breathe);
scope.onmessage = ({ data }) => {
  session.handle(data);
};
