-- Sessions of a past year that one reading brought together and that no later one has changed: read in a tenth of the time
-- that rows take. A session is here or in closes, never in both. The three lists are JSON arrays of one length.
create table packed_closes (
  symbol text not null,
  first text not null,
  last text not null,
  read_at text not null,
  sessions text not null check (json_valid(sessions)),
  closes text not null check (json_valid(closes)),
  highs text check (highs is null or json_valid(highs)),
  primary key (symbol, first)
) strict, without rowid;

create index packed_closes_last on packed_closes (symbol, last);

-- The highest price of the session, where the source tells it; nothing is decided by it.
alter table closes add column high real;
