-- What was imported from a file, so that it can be taken back: sessions, values and what was known of them before, as JSON.
create table imports (
  symbol text collate "C" not null references symbols (symbol),
  imported_at text collate "C" not null,
  file text not null,
  closes text not null,
  undone_at text collate "C",
  version bigint not null,
  primary key (symbol, imported_at)
);

-- The newest version that took sessions away. A copy that is older forgets the symbol and reads all of it.
alter table symbols add column taken_back bigint not null default 0;
