import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ownOf, parseList } from '../../../src/cli/background/pm2.ts';
import { temporaryFolder } from '../../support/temporary.ts';

function listed(folder: string, name = 'breakout-bell') {
  const pm2_env = {
    status: 'online',
    pm_cwd: folder,
    pm_exec_path: '/bell.js',
    pm_err_log_path: '/log',
    restart_time: 0,
  };
  return { name, pid: 7, pm2_env };
}

describe("pm2's list", () => {
  const list = JSON.stringify([listed('/bell')]);
  test.each([
    ['alone', list, [listed('/bell')]],
    ['after its own start', `[PM2] Spawning PM2 daemon\n[PM2] PM2 Successfully daemonized\n${list}`, [listed('/bell')]],
    ['before a remark', `${list}\n[{ is not JSON\n`, [listed('/bell')]],
    ['empty', '[]\n', []],
    ['missing', '[PM2][ERROR] no\n', undefined],
    ['nothing', '', undefined],
  ])('is read where it stands %s', (_, out, all) => {
    expect(parseList(out)).toEqual(all);
  });
});

describe('the process of a folder', () => {
  test('is found among those of other programs, through links', () => {
    const folder = temporaryFolder();
    const [real, link] = [join(folder, 'real'), join(folder, 'link')];
    mkdirSync(real);
    symlinkSync(real, link);
    expect(ownOf([], real)).toBeUndefined();
    expect(ownOf([listed('/elsewhere', 'api')], real)).toBeUndefined();
    expect(ownOf([listed('/elsewhere', 'api'), listed(link)], real)).toEqual(listed(link));
  });

  test("is not another folder's: that one is named, and what to do", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'package.json'), '{}');
    expect(() => ownOf([listed(folder)], '/mine')).toThrow(
      `(cd ${folder} && npx pm2 delete breakout-bell), then npm run`,
    );
    expect(() => ownOf([listed('/gone')], '/mine')).toThrow(/: npx pm2 delete breakout-bell, then npm run daemon/);
    expect(() => ownOf([listed('/mine'), listed(folder)], '/mine')).toThrow('from another folder');
  });
});
