import type { Asks } from './asks.ts';
import type { Channel } from './channel.ts';
import type { Variables } from './variables.ts';

/**
 * A kind of channels: what one folder holds, and one line of registry.ts adds to the program. docs/adding-a-channel.md
 * @template Own what it reads from its variables
 * @template All what of the settings of all channels it looks at when it makes its own
 */
export interface ChannelKind<Own, All = object> {
  /** `folder`: the id of its channel, or what stands before the colon in it. Deliveries are stored by it: never change it. */
  readonly kind: string;
  /** Its variables of `.env`; some may belong to another kind too. */
  readonly variables: readonly string[];
  /** Those that may hold several values, where a line break separates two; absent: none. */
  readonly lists?: readonly string[];
  /** Those that hold a secret, which may stand in a file instead: `NAME_FILE` says where. */
  readonly secretVariables: readonly string[];
  /** True where it takes digests before `config/schedule.json` names any channel. */
  readonly takesDigests: boolean;
  /** True where its readers see the dark twin of a picture on a dark display; absent: none is drawn for it. */
  readonly showsDark?: true;
  /** Where it makes a channel for each of several recipients or places; absent where one channel is all. */
  readonly recipients?: Recipients<Own>;
  /**
   * Reads its settings.
   * @param root the home folder, which relative paths begin at
   * @returns undefined where it is not set up
   * @throws {SettingsError} for what cannot be used; it never shows a secret
   */
  read(env: Variables, root: string): Own | undefined;
  /** The settings with which it steps in where no kind is set up; absent: it does not. */
  stepsIn?(root: string): Own;
  /** What of its settings must never be shown. Every spelling of it is found from here. */
  secrets(own: Own, env: Variables): readonly string[];
  /** The variables whose address leads to another machine and is not encrypted. */
  unencrypted?(env: Variables): readonly string[];
  /** What else a person should know of its variables though nothing is wrong with them, a line each. */
  remarks?(env: Variables, root: string): readonly string[];
  /** What `npm run doctor` looks at beside each channel, by name; absent: nothing. */
  checks?(own: Own): readonly Check[];
  /** How `npm run setup` asks for it, loaded when it does; absent: it does not. */
  asks?(): Promise<Asks>;
  /**
   * Its channels; their order is that of digests, checks and pages. What talks to the service is loaded here, so that it
   * costs nothing where it is not set up, and is there before there is anything to send.
   */
  create(own: Own, all: All, options: ChannelOptions): Promise<Channel[]>;
}

/** A look at something that a kind of channels needs. */
export interface Check {
  readonly what: string;
  look(): Promise<CheckResult>;
}

export interface CheckResult {
  readonly ok: boolean;
  /** What was found, or what is wrong and what to do, in one line. */
  readonly text: string;
  /** What a person needs whole, however long it is; it holds no secret. */
  readonly copy?: string;
}

/** How `config/schedule.json` names the recipients or places of a kind, beside the kind itself. */
export interface Recipients<Own> {
  /** The addresses that nobody else may read, in the order of the settings. */
  of(own: Own): readonly string[];
  /** What the kind alone stands for. */
  readonly all: string;
  /** What one looks like, as a regular expression. */
  readonly pattern: string;
  readonly example: string;
}

export interface ChannelOptions {
  /** How long a service may take for one answer, in milliseconds; by default each channel's own. */
  readonly timeout?: number | undefined;
  /** Epoch milliseconds; by default the real clock. */
  readonly now?: (() => number) | undefined;
}
