import { describe, expect, it } from 'vitest';
import { readConcealed, secretsIn } from '../../../../src/history/http/concealed.ts';

const answerOf = (text: string) => ({
  status: 200,
  contentType: 'application/json',
  location: undefined,
  credentials: [],
  text,
});
const secrets = secretsIn([
  'Bearer 100000-token',
  'Basic dXNlcjpodW50ZXIyLXB3',
  '4711471',
  'tab"le-12',
  'a b/c?d',
]);

describe('the words of a source', () => {
  it.each(['100000-token', 'Basic dXNlcjpodW50ZXIyLXB3', 'hunter2-pw', 'tab\\"le-12', 'a%20b%2Fc%3Fd'])(
    'repeat no secret that it was sent: %s',
    async (secret) => {
      const read = (answer: { text: string }) => Promise.reject(new Error(answer.text.slice(0, 20)));
      const error: unknown = await readConcealed(answerOf(`you sent ......${secret}!`), secrets, read).catch(
        (thrown: unknown) => thrown,
      );
      expect(String(error)).toBe('Error: you sent ......…!');
    },
  );

  it('are read without the secret and the numbers with it', async () => {
    const read = ({ text }: { text: string }) => ({ values: [Number(text.slice(0, 7))], warnings: [text] });
    expect(await readConcealed(answerOf('4711471 is the value'), secrets, read)).toEqual({
      values: [4_711_471],
      warnings: ['… is the value'],
      series: undefined,
    });
  });

  it('stay away where the answer can only be read without the secret', async () => {
    const read = ({ text }: { text: string }) => {
      if (text.includes('4711471')) throw new Error(text);
      return { values: [0], warnings: [] };
    };
    await expect(readConcealed(answerOf('4711471'), secrets, read)).rejects.toThrow('repeats a secret');
  });

  it('stay as they are where no secret is repeated, and short words are no secrets', async () => {
    const read = ({ text }: { text: string }) => ({ text });
    expect(
      await readConcealed(answerOf('Bearer prod 1'), secretsIn(['prod', '1', 'Bearer x']), read),
    ).toEqual({
      text: 'Bearer prod 1',
    });
  });
});
