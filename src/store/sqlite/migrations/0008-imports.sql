-- What was imported from a file, so that it can be taken back: sessions, values and what was known of them before, as JSON.
create table imports (
  symbol text not null,
  imported_at text not null,
  file text not null,
  closes text not null,
  undone_at text,
  primary key (symbol, imported_at)
) strict, without rowid;
