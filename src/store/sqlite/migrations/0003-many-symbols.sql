-- Sessions of one year that one reading brought together and that are not read again every evening: read in a tenth of the time
-- that rows take. A session is here or in closes, never in both. Its lists are JSON arrays of one length.
create table packed_closes (
  symbol text not null,
  first text not null,
  last text not null,
  read_at text not null,
  sessions integer not null references session_lists (id),
  closes text not null check (json_valid(closes)),
  highs text check (highs is null or json_valid(highs)),
  primary key (symbol, first)
) strict;

-- The sessions of a year are the same for most symbols: each list is kept once.
create table session_lists (
  id integer primary key,
  sessions text not null unique check (json_valid(sessions))
) strict;

create index packed_closes_last on packed_closes (symbol, last);

-- The highest price of the session, where the source tells it; nothing is decided by it.
alter table closes add column high real;

-- What the source says of a symbol's exchange, and of its newest trade: which sessions are over, and which days were none.
create table symbols (
  symbol text primary key,
  read_at text not null,
  time_zone text,
  closes_at text,
  last_trade text
) strict, without rowid;
