import { expect, test } from 'vitest';
import { runCli } from '../../support/cli.ts';

test('without a terminal it says so, and what to do instead', async () => {
  const { code, out, err } = await runCli(['setup'], {});
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(
    /^setup asks questions and needs a terminal\. .* cp \.env\.example \.env .* npm run doctor and npm run daemon\n$/,
  );
});
