import { get, post } from '../live.js';
import { byId, setShown, setText } from './dom.js';
import { laggingWords, modeWords } from './mode-words.js';
import { createTokenField } from './token.js';

/** The kill switch in the header of every view: its state, and a dialog that turns it after a question. */
export function createModeSwitch({ onChange }) {
  const dialog = byId('mode-dialog');
  const token = createTokenField(byId('mode-token'));
  let mode;

  function show(answer) {
    mode = answer.mode;
    const words = modeWords[mode];
    byId('mode').dataset.mode = mode;
    const lagging = laggingWords(mode, answer.replicas);
    setText('mode-state', lagging === '' ? words.state : `${words.state} (${lagging})`);
    setText('mode-button', words.button);
    setShown(byId('mode'), true);
  }

  byId('mode-button').addEventListener('click', () => {
    const words = modeWords[mode];
    setText('mode-title', words.title);
    setText('mode-meaning', words.meaning);
    setText('mode-confirm', words.confirm);
    setText('mode-trouble', '');
    dialog.showModal();
  });
  byId('mode-cancel').addEventListener('click', () => dialog.close());
  byId('mode-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    byId('mode-confirm').disabled = true;
    try {
      const answer = await post(
        '/api/v1/mode',
        { mode: modeWords[mode].next },
        { token: token.value(), signal: AbortSignal.timeout(10_000) },
      );
      show(answer);
      dialog.close();
      onChange();
    } catch (error) {
      const isAskedFor = token.asksFor(error);
      setText(
        'mode-trouble',
        isAskedFor && token.value() === '' ? 'The server asks for its API token.' : error.message,
      );
    }
    byId('mode-confirm').disabled = false;
  });

  return {
    async refresh() {
      show(await get('/api/v1/status'));
    },
  };
}
