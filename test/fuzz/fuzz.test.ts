import { test } from 'vitest';
import { temporaryFolder, useStandIn } from '../support/temporary.ts';
import { startYahoo } from '../support/yahoo-server.ts';
import { fuzzAnswers, fuzzBodies } from './answers.ts';
import { fuzzConfig, fuzzCsv } from './files.ts';
import { fuzz } from './fuzz.ts';

// `npm run faults` makes many times as many cases, of new seeds.
test('whatever is bent in a chart answer, it is a reading or one line', async () => {
  await fuzz(fuzzAnswers(await useStandIn(startYahoo())));
});

test('whatever comes instead of a chart answer is one line', async () => {
  await fuzz(fuzzBodies(await useStandIn(startYahoo())));
});

test('whatever a CSV file holds, it is closes or one line', async () => {
  await fuzz(fuzzCsv(temporaryFolder()));
});

test('whatever the configuration holds, it is settings or lines that name the place', async () => {
  await fuzz(fuzzConfig(temporaryFolder()));
});
