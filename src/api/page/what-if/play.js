import { apiPath, queryOf } from '../frame/address.js';
import { byId } from '../frame/dom.js';
import { createTokenField } from '../frame/token.js';
import { get, post } from '../live.js';
import { bodyOf, isQueryKnown, range } from './request.js';

/** A server plays one what-if at a time, for up to a minute with its wait. */
const longestMs = 70_000;

/** Plays settings on the demand of a workload, one at a time; the answers of a workload are kept while the view shows it. */
export function createPlayer() {
  const token = createTokenField(byId('what-if-token'));
  let answers = new Map();
  let history;
  let running = new AbortController();

  return {
    asksForToken: token.asksFor,
    /** Forgets everything of the workload before. */
    reset() {
      running.abort();
      answers = new Map();
      history = undefined;
    },
    /** Ends what is played, and gives the signal of what comes next. */
    restart() {
      running.abort();
      running = new AbortController();
      return running.signal;
    },
    async play(settings, { address, trigger, status }, signal) {
      const key = JSON.stringify(settings);
      if (!answers.has(key)) {
        const within = AbortSignal.any([signal, AbortSignal.timeout(longestMs)]);
        if (!isQueryKnown(status))
          history ??= await get(`${apiPath(address)}/history${queryOf({ trigger, range })}`, within);
        const body = bodyOf(settings, status, history);
        answers.set(key, await post('/api/v1/what-if', body, { token: token.value(), signal: within }));
      }
      return answers.get(key);
    },
  };
}
