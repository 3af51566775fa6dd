-- Sessions are New York dates (2025-09-18), instants are UTC (2025-09-18T20:45:00.000Z), closes are index points.

-- 'Bell': tells these files from other programs'.
pragma application_id = 0x42656c6c;

create table facts (
  name text primary key,
  value text not null
) strict;

-- The cache of the source: can be fetched again.

create table closes (
  symbol text not null,
  session text not null,
  close real,
  state text not null check (state in ('provisional', 'settled', 'revised', 'held')),
  first_read_at text not null,
  read_at text,
  held_close real,
  held_reason text,
  held_since text,
  primary key (symbol, session)
) strict, without rowid;

create index closes_held on closes (symbol, session) where held_close is not null;

create table revisions (
  symbol text not null,
  session text not null,
  from_close real not null,
  from_read_at text not null,
  from_believed integer not null,
  to_close real not null,
  to_read_at text not null,
  to_believed integer not null,
  primary key (symbol, session, to_read_at, from_believed)
) strict, without rowid;

-- The ledger: what was decided, said and done. Must not be lost or doubled.

create table signals (
  signal text primary key,
  settings text not null,
  baseline_session text not null,
  evaluated_session text not null,
  evaluated_at text not null
) strict;

create table events (
  event text primary key,
  signal text not null,
  session text not null,
  status text not null check (status in ('history', 'alerted', 'retracted', 'cancelled')),
  gone_since text
) strict;

create table messages (
  message text primary key,
  event text references events (event),
  kind text not null,
  created_at text not null,
  body text not null check (json_valid(body))
) strict;

create index messages_of_event on messages (event);

create table deliveries (
  message text not null references messages (message),
  channel text not null,
  state text not null check (state in ('pending', 'sending', 'sent', 'failed', 'unknown')),
  attempts integer not null default 0,
  unknown_attempts integer not null default 0,
  reason text,
  settings text,
  claimed_by text,
  not_before text,
  receipt text check (receipt is null or json_valid(receipt)),
  changed_at text not null,
  primary key (message, channel)
) strict, without rowid;

create index deliveries_open on deliveries (state) where state <> 'sent';

create table runs (
  run integer primary key,
  command text not null,
  started_at text not null,
  ended_at text,
  result text check (result is null or json_valid(result))
) strict;

create table lease (
  name text primary key,
  holder text not null,
  host text not null,
  pid integer not null,
  process_started text,
  expires_at text not null
) strict;
