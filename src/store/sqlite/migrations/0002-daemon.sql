-- What the daemon keeps between its rounds.

-- A trouble is told once and taken back once; its messages are `warning/<trouble>/<since>…`.
create table troubles (
  trouble text not null,
  since text not null,
  cleared_at text,
  primary key (trouble, since)
) strict, without rowid;

create index troubles_open on troubles (trouble) where cleared_at is null;

-- The newest look at each part that can fail: a kind of channel, its drill, the database, the backup.
create table probes (
  part text primary key,
  tried_at text not null,
  failing_since text,
  failure text,
  check ((failing_since is null) = (failure is null))
) strict, without rowid;

-- The newest pause of each channel; without `until` it lasts until a person ends it.
create table pauses (
  channel text primary key,
  since text not null,
  until text
) strict, without rowid;

create table daemon (
  name text primary key check (name = 'daemon'),
  holder text not null,
  host text not null,
  pid integer not null,
  process_started text,
  started_at text not null,
  seen_at text not null
) strict;
