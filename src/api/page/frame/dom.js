export const byId = (id) => document.getElementById(id);

/**
 * An element with properties and children; a property with a dash is an attribute, and a child may be a text.
 * @param {string} tag
 * @param {Record<string, unknown>} [properties]
 * @param {...(Node | string)} children
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes('-') || name === 'role') made.setAttribute(name, String(value));
    else made[name] = value;
  }
  made.append(...children);
  return made;
}

/** Shows or hides an element without touching it where it is so already. */
export function setShown(target, isShown) {
  if (target.hidden === isShown) target.hidden = !isShown;
}

/**
 * Writes a text only when it changes: a reader's selection stays, nothing is laid out again, and a screen reader, which announces a
 * status line each time it is written, says nothing twice.
 */
export function setTextOf(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/** Writes the text of the element with an id, as {@link setTextOf} does. */
export const setText = (id, text) => setTextOf(byId(id), text);

/** Replaces the children only when `key` differs from the last call's, so that focus and selection in them stay. */
export function fill(target, key, makeChildren) {
  if (target.dataset.filledWith === key) return;
  target.dataset.filledWith = key;
  target.replaceChildren(...makeChildren());
}
