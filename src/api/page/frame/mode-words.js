/** The words of the kill switch in each mode of the server. */
export const modeWords = {
  active: {
    state: 'Forecasts in use',
    button: 'Turn forecasts off…',
    title: 'Turn all forecasts off?',
    meaning:
      'Every workload is then scaled by the demand observed now, at once. Forecasts go on being made and shown. You can turn them on again here.',
    confirm: 'Turn forecasts off',
    next: 'reactive',
  },
  reactive: {
    state: 'Kill switch on: every workload is scaled by the demand observed now',
    button: 'Turn forecasts on…',
    title: 'Use the forecasts again?',
    meaning: 'Every workload in mode active is then scaled ahead of demand again, at once.',
    confirm: 'Turn forecasts on',
    next: 'active',
  },
};

/** What to say of replicas of the server that do not have the mode yet; empty where all have it. */
export function laggingWords(mode, replicas) {
  const behind = replicas.filter((replica) => !replica.answers || replica.mode !== mode);
  if (behind.length === 0) return '';
  const names = behind.map(({ replica }) => replica).join(', ');
  return `not yet on ${names}, which ${behind.length === 1 ? 'takes' : 'take'} it within seconds of answering again`;
}
