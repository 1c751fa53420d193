import { parseDuration } from '../../platform/duration.ts';
import type { CalendarEvent, EventEffect } from '../core/index.ts';
import type { EffectWords } from './definitions.ts';

/** What words say of the effect of an event; more than one of them is a mistake that was refused before. */
function effectOf({ like, ratio, ignore }: EffectWords): EventEffect {
  if (ignore === true) return { type: 'ignored' };
  if (ratio !== undefined) return { type: 'given', ratio };
  return like === undefined ? { type: 'learned' } : { type: 'learned', like };
}

/** Makes an event of its time and of what is said of its effect. */
export function eventOf(
  { startSeconds, endSeconds, name }: Pick<CalendarEvent, 'startSeconds' | 'endSeconds' | 'name'>,
  words: EffectWords,
  usualKind: string,
): CalendarEvent {
  const rampSeconds = parseDuration(words.ramp ?? '0') ?? 0;
  return {
    startSeconds,
    endSeconds,
    kind: words.kind ?? usualKind,
    name,
    effect: effectOf(words),
    ...(rampSeconds > 0 ? { rampSeconds } : {}),
  };
}
