import type { RecordQuestion, RecordReply } from '../../api/peers.ts';
import { askPeer, type PeerAccess } from './ask-peer.ts';
import type { Peer } from './peer.ts';
import { readRecordAnswer } from './record-answer.ts';

/** A person waits for the answer; a replica whose record is busy is left out. */
const recordMs = 2_000;
/** One turn of the event loop reads it. */
const maxRecordBytes = 1024 * 1024;
/** Questions that are with the peers at once; more are answered from the own record alone. */
const mostQuestions = 16;

/** Asks the records of some peers, which ask nobody else. What fails or is late is left out. */
export function createRecordAsker(access: PeerAccess) {
  let questions = 0;
  return async (peers: readonly Peer[], question: RecordQuestion): Promise<readonly RecordReply[]> => {
    if (questions >= mostQuestions) return [];
    questions++;
    try {
      const how = { path: '/api/v1/peers/record', maxBytes: maxRecordBytes, timeoutMs: recordMs };
      const asked = peers.map(async ({ address }) =>
        readRecordAnswer(question, await askPeer(address, access, { ...how, body: question })),
      );
      const settled = await Promise.allSettled(asked);
      return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    } finally {
      questions--;
    }
  };
}
