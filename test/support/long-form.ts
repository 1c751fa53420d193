/** Whether tests that have a long form run it, as `make test-long` asks for. */
export const isLongForm = process.env['FORESCALE_LONG'] === 'true';
