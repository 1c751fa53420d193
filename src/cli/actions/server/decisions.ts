import type { Static } from 'typebox';
import { DecisionsSchema } from '../../../api/schemas/decisions.ts';
import { systemClock } from '../../../platform/clock.ts';
import type { CommandIo } from '../../command-io.ts';
import type { DecisionsFlags } from '../../commands/decisions.ts';
import type { TimeOfDay } from '../../time-of-day.ts';
import { notYet } from '../not-yet.ts';
import { decisionLines } from './decision-lines.ts';
import { lastTimeOfDay } from './local-time.ts';
import { createServerClient, type ServerClient } from './server-client.ts';
import { workloadPath } from './workload-path.ts';

type Decisions = Static<typeof DecisionsSchema>;

const usualRangeSeconds = 3_600;

/** `forescale decisions NAMESPACE/NAME`: what KEDA was told in a span of time, page by page. */
export async function decisions(flags: DecisionsFlags, io: CommandIo): Promise<void> {
  const { workload, format, json, timeZone } = flags.values;
  const span = spanOf(flags);
  if (workload === undefined) flags.wrong('NAMESPACE/NAME', 'name the workload, such as shop/checkout');
  const client = createServerClient(flags, io);
  try {
    const print = decisionLines(json ? 'json' : format, timeZone);
    let isEmpty = true;
    for await (const page of pages(client, flags, span)) {
      io.stdout(await print(page, isEmpty));
      isEmpty &&= page.decisions.length === 0;
    }
    if (!isEmpty) return;
    throw notYet('nothing to show', [{ message: 'no decision is on record for that time' }]);
  } finally {
    await client.close();
  }
}

interface Span {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

function spanOf(flags: DecisionsFlags): Span {
  const { fromSeconds, toSeconds, rangeSeconds = usualRangeSeconds, timeZone } = flags.values;
  if (fromSeconds !== undefined && flags.isGiven('rangeSeconds')) {
    flags.wrong('--range', 'goes without --from: they both say where to begin');
  }
  const nowSeconds = systemClock();
  const momentOf = (at: number | TimeOfDay) =>
    typeof at === 'number' ? at : lastTimeOfDay(at, timeZone, nowSeconds);
  const to = toSeconds === undefined ? nowSeconds : momentOf(toSeconds);
  const from = fromSeconds === undefined ? to - rangeSeconds : momentOf(fromSeconds);
  if (from >= to) flags.wrong('--from', 'must be before --to');
  return { fromSeconds: from, toSeconds: to };
}

async function* pages(
  client: ServerClient,
  { values }: DecisionsFlags,
  span: Span,
): AsyncGenerator<Decisions> {
  const { workload, trigger, stepSeconds } = values;
  const { namespace = '', name = '' } = workload ?? {};
  const path = workloadPath({ namespace, name }, 'decisions');
  let from: number | null = span.fromSeconds;
  while (from !== null) {
    const query = new URLSearchParams({
      from: String(from),
      to: String(span.toSeconds),
      ...(stepSeconds === undefined ? {} : { step: `${stepSeconds}s` }),
      ...(trigger === undefined ? {} : { trigger }),
    });
    const page: Decisions = await client.get(`${path}?${query}`, DecisionsSchema);
    yield page;
    from = page.next;
  }
}
