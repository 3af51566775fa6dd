import { expect, test } from 'vitest';
import { hostName, hostsServed, isLoopback, isServed } from '../../src/settings/hosts.ts';

const served = hostsServed({ host: '0.0.0.0', publicHosts: ['bell.example.com', 'xn--brse-5qa.example'] });
const asks = (host: string, target = '/') => isServed({ hosts: [host], target }, served);

test.each([
  'localhost',
  'localhost:8787',
  'LocalHost:1',
  'localhost.',
  '127.0.0.1:8787',
  '127.255.0.9',
  '[::1]:8787',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]:80',
  'bell.example.com',
  'BELL.example.com.:443',
  'xn--brse-5qa.example',
])('%s is answered', (host) => {
  expect(asks(host)).toBe(true);
});

test.each([
  '',
  ' ',
  ':8787',
  '.',
  'evil.example',
  'evil.example:8787',
  'localhost.evil.example',
  'localhost.localdomain',
  'foo.localhost',
  '127.0.0.1.evil.example',
  '1127.0.0.1',
  '127.0.0.256',
  '127.0.0.01',
  '0127.0.0.1',
  '0x7f.0.0.1',
  '0x7f000001',
  '2130706433',
  '017700000001',
  '127.1',
  '0.0.0.0',
  '[::]',
  '192.168.1.5',
  '::1',
  '[::1',
  '[::1]x',
  '[::2]',
  '[::ffff:128.0.0.1]',
  '[fe80::1%25lo]',
  'localhost, evil.example',
  'localhost evil.example',
  'localhost\tevil.example',
  'evil.example#localhost',
  'user@localhost',
  'localhost:8787@evil.example',
  'localhost/evil.example',
  'localhost..',
  'localhost:port',
  'localhost:123456',
  'notbell.example.com',
  'bell.example.com.evil.example',
  'börse.example',
  'ⓛocalhost',
  'localhost\u0000',
  `${'a'.repeat(100_000)}.example`,
])('%s is not', (host) => {
  expect(asks(host)).toBe(false);
});

test('no Host header, several, and one that a target belies are not answered', () => {
  expect(isServed({ hosts: [], target: '/' }, served)).toBe(false);
  expect(isServed({ hosts: ['localhost', 'localhost'], target: '/' }, served)).toBe(false);
  expect(isServed({ hosts: ['localhost', 'evil.example'], target: '/' }, served)).toBe(false);
  expect(asks('localhost', 'http://localhost:8787/healthz')).toBe(true);
  expect(asks('localhost', 'http://evil.example/healthz')).toBe(false);
  expect(asks('evil.example', 'http://localhost/healthz')).toBe(false);
  expect(asks('localhost', 'HTTP://evil.example/')).toBe(false);
  expect(asks('localhost', 'http://')).toBe(false);
});

test('what the page listens on is served where it is a name or an address itself', () => {
  const of = (host: string) => [...hostsServed({ host, publicHosts: [] })];
  expect(of('192.168.1.5')).toEqual(['192.168.1.5']);
  expect(of('Bell.LAN')).toEqual(['bell.lan']);
  expect(of('fd00::1')).toEqual(['[fd00::1]']);
  for (const every of ['0.0.0.0', '::', '[::]', '0:0:0:0:0:0:0:0']) expect(of(every), every).toEqual([]);
});

test('loopback is what nobody else can reach', () => {
  for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '::1', '[::1]', '::ffff:127.0.0.1']) {
    expect(isLoopback(host), host).toBe(true);
  }
  for (const host of ['0.0.0.0', '::', '192.168.1.5', 'bell.lan', '10.0.0.1', 'localhost.lan', '']) {
    expect(isLoopback(host), host).toBe(false);
  }
});

test('a host has one spelling', () => {
  expect(hostName('Bell.Example.COM.:80')).toBe('bell.example.com');
  expect(hostName('[FD00:0:0::1]:80')).toBe('[fd00::1]');
  expect(hostName('breakout_bell:8787')).toBe('breakout_bell');
});

test('half an address of IPv6 is no host, and neither is a name of over 300 characters', () => {
  expect(hostName('[::1')).toBeUndefined();
  expect(hostName('a'.repeat(300))).toHaveLength(300);
  expect(hostName('a'.repeat(301))).toBeUndefined();
});
