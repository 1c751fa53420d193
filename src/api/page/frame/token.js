import { setShown } from './dom.js';

/** The API token as it was typed in; the page keeps it until it is closed and stores it nowhere. */
let token = '';

/**
 * A field for the API token that is shown once the server has asked for it.
 * @param {HTMLElement} field label around the input
 */
export function createTokenField(field) {
  const input = field.querySelector('input');
  return {
    value: () => {
      if (input.value !== '') token = input.value;
      return token;
    },
    /** Says whether a refusal was for want of the right token, and if so asks for it. */
    asksFor({ status }) {
      if (status !== 401) return false;
      setShown(field, true);
      input.focus();
      input.select();
      return true;
    },
  };
}
