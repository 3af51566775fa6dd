// node --import one-pixel.js: every picture is this PNG of one pixel. Drawing takes three times as long as all the rest of a
// run that alerts, and no step of sending knows the difference.
import { registerHooks } from 'node:module';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const source = `export const renderPng = async () => new Uint8Array(Buffer.from('${PNG}', 'base64'));`;

registerHooks({
  load: (url, context, next) =>
    url.endsWith('/src/chart/png.ts') ? { format: 'module', source, shortCircuit: true } : next(url, context),
});
