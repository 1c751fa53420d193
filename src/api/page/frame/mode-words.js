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
