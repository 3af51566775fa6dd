import { createClosesStore } from '../../../src/store/sqlite/closes.ts';
import { openFile } from '../stores.ts';

/** A store of its own connection to a file, closed when the test ends. @param path a new one by default */
export function open(path?: string) {
  const opened = openFile(path);
  return { ...opened, closes: createClosesStore(opened.database) };
}
