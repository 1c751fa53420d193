import { Compile } from 'typebox/compile';
import { type PeerState, PeerStateSchema } from '../../api/peers.ts';
import { nextTurn } from '../../platform/turns/time-slices.ts';
import type { AddedEvents } from '../calendars/added-events.ts';
import { askPeer, type PeerAccess } from './ask-peer.ts';
import { createTriggerFollower, type FollowOptions } from './follow-triggers.ts';
import type { PeerAddress } from './peer-addresses.ts';
import type { SharedMode } from './shared-mode.ts';

/**
 * What KEDA asked for lately, of as many triggers as are told, is below a megabyte. It is read in some turns of the event loop: one
 * alone would hold it for tens of milliseconds.
 */
const maxStateBytes = 1024 * 1024;

export interface PeerOptions extends FollowOptions {
  readonly access: PeerAccess;
  /** What no other process has, by which this replica recognises itself among the addresses. */
  readonly instance: string;
  readonly mode: SharedMode;
  readonly calendarEvents: Pick<AddedEvents, 'take'>;
}

/** What lives at one address of the replicas. */
export interface Peer {
  readonly address: PeerAddress;
  /** What it told last; undefined before it has, and where it is this replica itself. */
  state(): PeerState | undefined;
  /** Whether it answered when it was asked last. */
  answers(): boolean;
  /** Asks it, unless it is being asked, and takes what it tells. Never rejects. */
  ask(): Promise<void>;
  /** Takes note that it was told of a switch. */
  noteMode(mode: PeerState['mode']): void;
}

const check = Compile(PeerStateSchema);

export function createPeer(address: PeerAddress, options: PeerOptions): Peer {
  const { access, instance, mode, calendarEvents, log } = options;
  const follow = createTriggerFollower(options);
  const text = (path: string, maxBytes: number) => askPeer(address, access, { path, maxBytes });
  let state: PeerState | undefined;
  let answers: boolean | undefined;
  let isSelf = false;
  let isAsked = false;

  async function readState(): Promise<void> {
    const written = await text('/api/v1/peers/state', maxStateBytes);
    await nextTurn();
    const told: unknown = JSON.parse(written);
    await nextTurn();
    if (!check.Check(told)) throw new Error('it is of another version, or no replica');
    isSelf = told.instance === instance;
    state = isSelf ? undefined : told;
  }

  /** Logs where it begins or ends to answer. */
  function note(error: unknown): void {
    const wasAnswering = answers;
    answers = error === undefined;
    if (answers === wasAnswering || isSelf) return;
    const peer = { peer: address.address, replica: state?.replica };
    if (answers) log.info(peer, 'peer-answers');
    else log.info({ ...peer, error: String(error) }, 'peer-not-asked');
  }

  return {
    address,
    state: () => state,
    answers: () => answers === true,
    async ask() {
      if (isAsked) return;
      isAsked = true;
      try {
        await readState();
        note(undefined);
        if (state === undefined) return;
        if (state.switched !== null) mode.take(state.switched);
        calendarEvents.take(state.calendarEvents ?? []);
        await nextTurn();
        await follow(state, text);
      } catch (error) {
        note(error);
      } finally {
        isAsked = false;
      }
    },
    noteMode(told) {
      if (state !== undefined) state = { ...state, mode: told };
    },
  };
}
