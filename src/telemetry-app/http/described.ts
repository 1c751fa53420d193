/** Options of a route that is listed and documented: its meaning, its answers by status, and what it takes besides. */
export function described<Answers extends object, Taken extends object = object>(
  summary: string,
  response: Answers,
  taken: Taken = {} as Taken,
) {
  return { schema: { summary, response, ...taken } };
}
