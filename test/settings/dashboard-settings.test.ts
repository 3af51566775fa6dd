import { describe, expect, test } from 'vitest';
import { loadSettings } from '../../src/settings/settings.ts';
import { root } from './package-root.ts';

describe('a bad setting is refused, naming it and what is allowed', () => {
  test.each<[Record<string, string>, RegExp]>([
    [{ DASHBOARD_PORT: '87877' }, /DASHBOARD_PORT is '87877'; allowed: a port from 1 to 65535/],
    [{ DASHBOARD_PORT: 'http' }, /DASHBOARD_PORT is 'http'; allowed: a port/],
    [{ DASHBOARD_TOKEN: 'too short' }, /DASHBOARD_TOKEN contains a space/],
    [
      { DASHBOARD_TOKEN: 'fifteen-letters' },
      /DASHBOARD_TOKEN has 15 characters; allowed: at least 16 random ones, .*openssl rand/,
    ],
    [{ DASHBOARD_TOKEN: 'a-tökén-of-twenty-letters' }, /DASHBOARD_TOKEN contains a space or a non-ASCII character/],
    [{ PUBLIC_URL: 'bell.example.com' }, /PUBLIC_URL is not a web address of the page; allowed: https:\/\/bell/],
    [{ PUBLIC_URL: 'ftp://bell.example.com' }, /PUBLIC_URL is not a web address of the page/],
    [{ PUBLIC_URL: 'https://*.example.com' }, /PUBLIC_URL is not a web address of the page/],
    [
      { PUBLIC_URL: 'https://bell.example.com, nonsense' },
      /PUBLIC_URL, number 2 of 2, is not a web address of the page/,
    ],
    [{ PUBLIC_URL: 'https://bell.example.com/?key=x' }, /PUBLIC_URL is not a web address of the page/],
    [{ PUBLIC_URL: 'https://bell.example.com/#x' }, /PUBLIC_URL is not a web address of the page/],
    [{ PUBLIC_URL: 'https://' }, /PUBLIC_URL is not a web address of the page/],
  ])('%j', (env, message) => {
    expect(() => loadSettings(root(), env)).toThrow(message);
  });
});

test('PUBLIC_URL gives its hosts, each once and in one spelling', () => {
  const PUBLIC_URL =
    ' https://Bell.Example.com./a/path ,http://breakout_bell:8787,, https://b\u00f6rse.example, http://[FD00:0::1]:80, https://bell.example.com';
  expect(loadSettings(root(), { PUBLIC_URL }).dashboard.publicHosts).toEqual([
    'bell.example.com',
    'breakout_bell',
    'xn--brse-5qa.example',
    '[fd00::1]',
  ]);
});

test.each([
  [undefined, undefined],
  ['https://Bell.example.com/a/path/', 'https://bell.example.com'],
  ['http://breakout-bell:8787,https://bell.example.com', 'http://breakout-bell:8787'],
])('links lead to the first address of PUBLIC_URL: %s', (PUBLIC_URL, publicUrl) => {
  expect(loadSettings(root(), { PUBLIC_URL }).dashboard.publicUrl).toBe(publicUrl);
});
