/** Whether tests that have a long form run it, as `make test-more` and `make test-long` ask for. */
export const isLongForm = process.env['FORESCALE_LONG'] === 'true';

/** Ends the name of a test that only has a long form and is skipped without it, so that the skip is seen and counted. */
export const whyNoLongForm = isLongForm ? undefined : 'make test-more runs it';
export const longFormNote = whyNoLongForm === undefined ? '' : ` (skipped: ${whyNoLongForm})`;
