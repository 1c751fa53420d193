import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { get } from 'node:https';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveDoor } from '../door/serve-door.ts';
import { clusterFolder } from './folder.ts';
import type { NodeProgram } from './node-programs.ts';

/**
 * Runs in the cluster's namespaces: starts its programs one after the other and opens the door to its network. Ends, and the cluster
 * with it, as soon as one of them ends, and says what that one said last.
 */
const [path = ''] = process.argv.slice(2);
const folder = clusterFolder(path);
const lastLines = 5;
const connectTimeoutMs = 1_000;
/** A pause too short for anybody to notice. */
const pauseMs = 50;

// It appears last of all files, whole.
while (!existsSync(folder.programs)) await sleep(pauseMs);
const programs = JSON.parse(readFileSync(folder.programs, 'utf8')) as readonly NodeProgram[];
serveDoor(folder.doorSocket);
for (const program of programs) {
  start(program);
  while (program.listens !== undefined && !(await answers(program.listens))) await sleep(pauseMs);
}

function start({ name, path: file, args }: NodeProgram): void {
  const log = folder.log(name);
  const output = openSync(log, 'a');
  const child = spawn(file, args, { stdio: ['ignore', output, output] });
  closeSync(output);
  child.once('error', ({ message }) => giveUp(`${name}: ${message}`));
  child.once('exit', (code, signal) => {
    const said = readFileSync(log, 'utf8').trim().split('\n').slice(-lastLines).join('\n');
    giveUp(`${name} ended with ${signal ?? code}; it said:\n${said}`);
  });
}

function giveUp(why: string): void {
  try {
    writeSync(2, `${why}\n`);
  } finally {
    process.exit(1);
  }
}

function answers(place: number | string): Promise<boolean> {
  if (typeof place === 'string' && place.startsWith('https:')) return answersWell(place);
  return listensAt(typeof place === 'number' ? connect(place, '127.0.0.1') : connect(place));
}

function listensAt(socket: Socket): Promise<boolean> {
  socket.setTimeout(connectTimeoutMs);
  return new Promise((resolve) => {
    const is = (open: boolean) => () => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', is(true)).once('error', is(false)).once('timeout', is(false));
  });
}

function answersWell(url: string): Promise<boolean> {
  const asking = get(url, { ca: readFileSync(folder.inside('authority.crt')), timeout: connectTimeoutMs });
  return new Promise((resolve) => {
    asking.once('response', (response) => resolve(response.resume().statusCode === 200));
    asking.once('error', () => resolve(false)).once('timeout', () => asking.destroy());
  });
}
