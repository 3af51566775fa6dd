import type { Environment } from '../../settings/environment.ts';
import { fileVariable, SECRET_VARIABLES } from '../../settings/secret-files.ts';

/** What may stand in a file of its own: the secrets, and a long list of readers. */
const MAY_BE_IN_FILE = [...SECRET_VARIABLES, 'EMAIL_TO'];

/** What is set before a setup, and where. */
export interface Found {
  /** Empty where it is not set, or in a file of its own. */
  value(name: string): string;
  /** True where it is set, in a file of its own too. */
  isSet(name: string): boolean;
  /** Where it is set that `.env` cannot change, after "is"; undefined: `.env` can. */
  holder(name: string): string | undefined;
}

/** @param file what `.env` holds */
export function findSet(environment: Environment, file: Readonly<Record<string, string>>): Found {
  const value = (name: string) => (environment[name] ?? file[name] ?? '').trim();
  const inFile = (name: string) => MAY_BE_IN_FILE.includes(name) && value(fileVariable(name)) !== '';
  return {
    value,
    isSet: (name) => inFile(name) || value(name) !== '',
    holder: (name) => {
      if (inFile(name)) return `read from the file in ${fileVariable(name)}`;
      // An empty one wins too.
      return environment[name] === undefined ? undefined : 'set in the environment of this shell, which overrides .env';
    },
  };
}
