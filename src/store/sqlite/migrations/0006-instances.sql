-- Every daemon of this ledger that lives, the one that leads too: `daemon` names the leader.
create table instances (
  id text primary key,
  host text not null,
  pid integer not null,
  process_started text,
  started_at text not null,
  seen_at text not null
) strict;
