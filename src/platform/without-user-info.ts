/**
 * Hides what may be secret in a text that should be an address, for messages and logs: everything before the last `@`, however that
 * is written, because a text that is no URL may have its password anywhere there, and a query and fragment.
 */
export function withoutUserInfo(text: string): string {
  return text
    .replace(/^.*(?:[@\uFE6B\uFF20]|%40)/isu, '…@')
    .replace(/([?#]).+$/su, '$1…')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ');
}

/** A text that may be an address in a wrong place, without what may be secret; unchanged where it cannot be one. */
export function withoutAnyUserInfo(text: string): string {
  return /:\/\/|[@\uFE6B\uFF20]|%40/iu.test(text) ? withoutUserInfo(text) : text;
}

/** A message in which every word that is an address with credentials is shown without them. */
export function withoutUserInfos(message: string): string {
  return message.replaceAll(/\S*:\/\/\S*(?:@|%40)\S*/gi, withoutUserInfo);
}
