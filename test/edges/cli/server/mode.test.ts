import { describe, expect, it } from 'vitest';
import type { ServerMode } from '../../../../src/api/peers.ts';
import { commandAgainst } from './served.ts';

describe('forescale mode', () => {
  const { serve, run, failing } = commandAgainst('mode');

  function modeSwitch() {
    let mode: ServerMode = 'active';
    return {
      mode: () => mode,
      async setMode(wanted: ServerMode) {
        mode = wanted;
      },
    };
  }

  it('shows the mode, and switches it', async () => {
    await serve({ modeSwitch: modeSwitch() });
    expect((await run([])).stdout).toBe('mode active: the forecasts decide\n');
    const { stdout } = await run(['reactive']);
    expect(stdout).toBe('mode reactive: the kill switch is on, and every signal is the observed demand\n');
    expect(JSON.parse((await run(['--json'])).stdout)).toEqual({ mode: 'reactive', replicas: [] });
  });

  it('says which replicas have the switch', async () => {
    const replicas = () => [
      { replica: 'forescale-0', version: '1', mode: 'active' as const, answers: true },
      { replica: 'forescale-1', version: '1', mode: 'active' as const, answers: false },
    ];
    await serve({ modeSwitch: modeSwitch(), replicas });
    expect((await run(['active'])).stdout).toBe(
      'mode active: the forecasts decide\n  forescale-0  active\n  forescale-1  does not answer; it takes the switch when it does\n',
    );
  });

  it('sends the token where the server asks for it', async () => {
    await serve({ modeSwitch: modeSwitch(), boundToLoopback: false, token: async () => 'opensesame' });
    expect(await failing(['reactive'])).toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('FORESCALE_API_TOKEN'),
    });
    const env = { FORESCALE_API_TOKEN: 'opensesame' };
    expect((await run(['reactive'], { env })).stdout).toContain('mode reactive');
  });

  it('refuses a mode that is none', async () => {
    await serve({ modeSwitch: modeSwitch() });
    expect(await failing(['off'])).toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('MODE: "off" must be active or reactive'),
    });
  });
});
