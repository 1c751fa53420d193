import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Lane {
  /** Sends a request. Settles when its whole answer has arrived. */
  ask(): Promise<void>;
  close(): void;
}

/** What is asked again and again: a whole request, and the end of its answer. */
export interface Asked {
  readonly request: string;
  /** Undefined: whatever the first answer ends with. */
  readonly answerEnds?: string;
}

/** The text of a request without a body. */
export const getRequest = (path: string) => `GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`;

/** The text of a request with a JSON body. */
export const postRequest = (path: string, body: string) =>
  `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

/**
 * A keep-alive connection that costs the client next to no CPU time, so that the server is what is measured. Every answer has
 * the length of the first, so bytes are counted instead of parsed.
 */
export async function openLane(port: number, { request, answerEnds }: Asked): Promise<Lane> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  const bytes = Buffer.from(request);
  const answerBytes = await firstAnswer(socket, bytes, answerEnds);
  const waiting: (() => void)[] = [];
  let received = 0;
  socket.on('data', (data) => {
    received += data.length;
    for (; received >= answerBytes; received -= answerBytes) waiting.shift()?.();
    // If all answers are good, the last `answerBytes` of the received bytes are a good answer.
    if (received === 0 && data.length >= answerBytes) assertGood(data.subarray(-answerBytes));
  });
  return {
    ask() {
      socket.write(bytes);
      return new Promise((resolve) => waiting.push(resolve));
    },
    close: () => socket.destroy(),
  };
}

async function firstAnswer(socket: Socket, request: Buffer, answerEnds: string | undefined): Promise<number> {
  let text = '';
  const onData = (data: Buffer) => {
    text += data.toString('latin1');
  };
  socket.on('data', onData);
  socket.write(request);
  while (!isWhole(text)) await once(socket, 'data');
  socket.off('data', onData);
  assertGood(Buffer.from(text, 'latin1'));
  if (answerEnds !== undefined && !text.endsWith(answerEnds))
    throw new Error(`the answer is not what it should be: ${text.slice(-80)}`);
  return text.length;
}

/** Whether an answer has all the bytes that its content-length names. */
function isWhole(text: string): boolean {
  const headEnds = text.indexOf('\r\n\r\n');
  const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
  return headEnds >= 0 && text.length >= headEnds + 4 + Number(length);
}

function assertGood(answer: Buffer): void {
  if (answer.toString('latin1', 0, 12) === 'HTTP/1.1 200') return;
  throw new Error(`the answers are not what they were: ${answer.toString('latin1').slice(0, 80)}`);
}
